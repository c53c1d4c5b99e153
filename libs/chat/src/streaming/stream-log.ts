import type { StreamEvent } from './stream-event.ts';

/**
 * The numbered events of the generations that run now or ended a moment ago. An event is appended before anybody is told
 * of it, so whoever reads the log misses nothing. What the log no longer has is in the database.
 */
export abstract class StreamLog {
  abstract append(generationId: string, event: StreamEvent): Promise<void>;

  /** The events after `after`, in order; null when the log does not hold all of them (any more, or never did). */
  abstract read(generationId: string, after: number): Promise<StreamEvent[] | null>;

  /** Nothing follows: the events may be dropped once those who are reading had the time to. */
  abstract release(generationId: string): void;
}

/** How long the events of an ended generation stay. */
export const keepReleasedMs = 60_000;
