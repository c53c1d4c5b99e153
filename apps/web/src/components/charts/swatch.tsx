import type { Series } from './series.ts';

/** The mark of a series, hatched as its columns are. */
export function Swatch({ series: { color, hatched } }: { series: Pick<Series, 'color' | 'hatched'> }) {
  const background = hatched
    ? `repeating-linear-gradient(135deg, ${color} 0 2px, transparent 2px 4px)`
    : color;
  return (
    <span
      aria-hidden
      className="size-3 shrink-0 rounded-[3px] border"
      style={{ background, borderColor: color }}
    />
  );
}
