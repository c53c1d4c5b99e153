import { formatDateTime } from '../lib/format-time.ts';

/** A moment in the reader's own time zone and words. */
export function When({ time, never = 'Never' }: { time: string | null; never?: string }) {
  return time === null ? never : <time dateTime={time}>{formatDateTime(time)}</time>;
}
