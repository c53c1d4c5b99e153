import { type Change, fieldWords } from '../comparison.ts';

export function ChangesTable({ changes }: { changes: readonly Change[] }) {
  return (
    <div className="overflow-x-auto rounded-xl border">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">What changed</caption>
        <thead className="border-b bg-muted/50 text-xs text-muted-foreground">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">
              Field
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Before
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              After
            </th>
          </tr>
        </thead>
        <tbody className="divide-y align-top">
          {changes.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row" className="px-3 py-2 font-normal">
                {fieldWords(field)}
              </th>
              <td className="px-3 py-2 wrap-anywhere">
                <Value value={before} />
              </td>
              <td className="px-3 py-2 font-medium wrap-anywhere">
                <Value value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value }: { value: string | null }) {
  if (value === null) return <span className="text-muted-foreground italic">none</span>;
  return value === '' ? <span className="text-muted-foreground italic">empty</span> : value;
}
