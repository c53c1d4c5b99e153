/** Minutes and seconds left, never below zero: `14:59`. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The same for a screen reader, which would read `14:59` as a time of day. */
export function sayCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return plural(seconds, 'second');
  return plural(Math.round(seconds / 60), 'minute');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
export const formatDateTime = (iso: string): string => dateAndTime.format(new Date(iso));

/** Roughly how far away: `in 43 minutes`, `2 hours ago`, `just now`. */
export function formatDistance(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return seconds > 0 ? 'in less than a minute' : 'just now';
  const [amount, noun] =
    size < 90 * 60
      ? ([Math.round(size / 60), 'minute'] as const)
      : size < 36 * 3600
        ? ([Math.round(size / 3600), 'hour'] as const)
        : ([Math.round(size / 86_400), 'day'] as const);
  return seconds > 0 ? `in ${plural(amount, noun)}` : `${plural(amount, noun)} ago`;
}
