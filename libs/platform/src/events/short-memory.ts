import type { Clock } from '../clock.ts';
import { type EventBus, eventsMissed } from './event-bus.ts';

/** The bus empties it at once; the time only bounds what a lost message could cost. */
const keepMs = 2_000;
const mostKept = 10_000;

/**
 * What was read from Postgres a moment ago, by key, so that it is not read once more for every request; and of all who
 * want the same at the same time, one reads it. Postgres stays the authority: whoever keeps something here forgets it
 * when the bus says that it changed, and while the bus cannot be relied upon nothing is known.
 */
export class ShortMemory<Value> {
  private readonly kept = new Map<string, { value: Value; until: number }>();
  private readonly reading = new Map<string, Promise<Value>>();
  private readonly unsubscribe: () => void;

  /** @param isGood whether a value may be kept, and may still be believed. */
  constructor(
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly isGood: (value: Value) => boolean = () => true,
  ) {
    this.unsubscribe = bus.subscribe(eventsMissed, () => this.forget(() => true));
  }

  close(): void {
    this.unsubscribe();
  }

  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    if (!this.bus.isWhole) return read();
    const found = this.kept.get(key);
    if (found && found.until > this.clock.now().getTime() && this.isGood(found.value)) return found.value;
    return this.reading.get(key) ?? this.read(key, read);
  }

  get size(): number {
    return this.kept.size;
  }

  forget(matches: (value: Value, key: string) => boolean): void {
    // What is being read may have changed since, and nobody will say so again: whoever asks from now on reads anew.
    this.reading.clear();
    for (const [key, { value }] of this.kept) if (matches(value, key)) this.kept.delete(key);
  }

  private read(key: string, read: () => Promise<Value>): Promise<Value> {
    const reading: Promise<Value> = read()
      .then((value) => {
        if (this.reading.get(key) === reading && this.isGood(value)) this.keep(key, value);
        return value;
      })
      .finally(() => {
        if (this.reading.get(key) === reading) this.reading.delete(key);
      });
    this.reading.set(key, reading);
    return reading;
  }

  private keep(key: string, value: Value): void {
    const now = this.clock.now().getTime();
    // What was kept first comes first: what follows one that still counts does so as well.
    for (const [old, { until }] of this.kept) {
      if (until > now) break;
      this.kept.delete(old);
    }
    if (this.kept.size >= mostKept) this.kept.clear();
    this.kept.delete(key);
    this.kept.set(key, { value, until: now + keepMs });
  }
}
