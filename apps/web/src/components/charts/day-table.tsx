import { type DayRow, formatDay, formatNumber, type Series } from './series.ts';

interface DayTableProps {
  title: string;
  rows: readonly DayRow[];
  series: readonly Series[];
  /** To the eye as well. */
  shown: boolean;
}

/** The latest day first: that is what one looks up. */
export function DayTable({ title, rows, series, shown }: DayTableProps) {
  const table = (
    <table className="w-full border-collapse text-left tabular-nums">
      <caption className="sr-only">{title}, by day in UTC</caption>
      <thead className="sticky top-0 bg-card">
        <tr className="border-b">
          <th scope="col" className="py-2 pr-3 text-xs font-medium text-muted-foreground">
            Day
          </th>
          {series.map(({ key, name }) => (
            <th
              key={key}
              scope="col"
              className="px-3 py-2 text-right text-xs font-medium text-muted-foreground"
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y">
        {rows.toReversed().map((row) => (
          <tr key={row.day}>
            <th scope="row" className="py-1.5 pr-3 font-normal whitespace-nowrap">
              <time dateTime={row.day}>{formatDay(row.day)}</time>
            </th>
            {series.map(({ key }) => (
              <td key={key} className="px-3 py-1.5 text-right">
                {formatNumber(row[key] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (!shown) return <div className="sr-only">{table}</div>;
  return (
    <section
      aria-label={`${title} as table`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reachable by keyboard.
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-lg outline-none focus-visible:ring-2 focus-visible:ring-ring"
    >
      {table}
    </section>
  );
}
