import { AppError } from '../errors/app-error.ts';

interface Line {
  served: number;
  waiting: (() => void)[];
}

/**
 * A line for each person: so many of their calls are served at once, so many more wait in the order they came, and what is
 * beyond is refused. Whoever asks for much waits for themselves; what all share, the connections to the database above
 * all, is free for the others (docs/decisions/0025).
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly limits: { served: number; waiting: number }) {}

  /** Returns the way to end the turn, to be called once. */
  async take(key: string): Promise<() => void> {
    const line = this.lines.get(key) ?? { served: 0, waiting: [] };
    this.lines.set(key, line);
    if (line.served < this.limits.served) line.served += 1;
    else if (line.waiting.length >= this.limits.waiting)
      throw new AppError('rate_limited', { retryAfterSeconds: 1 });
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    return () => this.next(key, line);
  }

  /** The place of the one who leaves goes to who waits longest. */
  private next(key: string, line: Line): void {
    const longest = line.waiting.shift();
    if (longest) return longest();
    line.served -= 1;
    if (line.served === 0) this.lines.delete(key);
  }
}
