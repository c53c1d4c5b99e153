import { clsx } from 'clsx';
import { type Days, ranges } from '../range.ts';

export function RangePicker({ days, onChoose }: { days: Days; onChoose: (days: Days) => void }) {
  return (
    <fieldset className="flex rounded-lg border border-input bg-card p-0.5">
      <legend className="sr-only">Range</legend>
      {ranges.map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={range === days}
          onClick={() => onChoose(range)}
          className={clsx(
            'h-8 rounded-md px-3 text-[0.8125rem] font-medium outline-none focus-visible:ring-2 focus-visible:ring-ring',
            range === days
              ? 'bg-primary text-primary-foreground'
              : 'text-muted-foreground hover:text-foreground',
          )}
        >
          {range} days
        </button>
      ))}
    </fieldset>
  );
}
