import type { ReactNode } from 'react';
import { formatNumber } from './series.ts';

interface BarTableProps {
  caption: string;
  columns: readonly [string, string];
  rows: readonly { key: string; name: ReactNode; value: number }[];
  color: string;
}

/** A table whose figures are drawn as well: what one looks at and what a screen reader says are one thing. */
export function BarTable({ caption, columns, rows, color }: BarTableProps) {
  const largest = Math.max(...rows.map(({ value }) => value), 1);
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{columns[0]}</th>
          <th scope="col">{columns[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, value }) => (
          <tr key={key} className="relative">
            <th scope="row" className="pt-1 pr-3 pb-3 font-normal wrap-anywhere">
              {name}
              <span
                aria-hidden
                className="absolute bottom-1 left-0 h-1.5 rounded-full"
                style={{ background: color, width: `max(0.25rem, ${(value / largest) * 100}%)` }}
              />
            </th>
            <td className="w-24 pt-1 pb-3 text-right align-bottom font-medium tabular-nums">
              {formatNumber(value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
