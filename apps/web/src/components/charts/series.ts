/** One kind of thing that is counted by day. */
export interface Series<Key extends string = string> {
  key: Key;
  name: string;
  /** A colour of the style sheet: `var(--chart-1)`. */
  color: string;
  /** Drawn hatched, so that it is told apart without its colour. */
  hatched?: boolean;
}

export type DayRow<Key extends string = string> = Readonly<Record<Key, number> & { day: string }>;

const full = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact' });
export const formatNumber = (value: number): string => full.format(value);
export const formatCompact = (value: number): string => compact.format(value);

const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const longDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeZone: 'UTC' });
/** Days are UTC, as they were counted, whatever the reader's zone. */
export const formatDay = (day: string): string => shortDay.format(new Date(`${day}T00:00:00Z`));
export const formatLongDay = (day: string): string => longDay.format(new Date(`${day}T00:00:00Z`));
