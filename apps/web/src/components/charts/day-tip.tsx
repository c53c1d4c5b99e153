import { type DayRow, formatLongDay, formatNumber, type Series } from './series.ts';
import { Swatch } from './swatch.tsx';

interface DayTipProps {
  series: readonly Series[];
  /** From here on given by the chart. */
  active?: boolean;
  payload?: readonly { payload?: DayRow }[];
}

/** What stands beside the column that the pointer is on. */
export function DayTip({ series, active = false, payload }: DayTipProps) {
  const row = payload?.[0]?.payload;
  if (!active || row === undefined) return null;
  return (
    <div className="rounded-xl border bg-popover px-3 py-2 text-xs text-popover-foreground shadow-lg">
      <p className="mb-1.5 font-medium">{formatLongDay(row.day)}</p>
      <ul className="grid gap-1">
        {series.toReversed().map((one) => (
          <li key={one.key} className="flex items-center gap-2">
            <Swatch series={one} />
            <span className="text-muted-foreground">{one.name}</span>
            <span className="ml-auto pl-4 font-medium tabular-nums">{formatNumber(row[one.key] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
