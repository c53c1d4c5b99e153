/** How many refusals the log is told of, so that a flood of them cannot fill the disk. Plain values and a passed time. */
export interface Refusal {
  code: string;
  /** `POST /api/chat/conversations`, or `event message:send`. */
  call: string;
  /** The person where they are known, else the address. */
  who: string;
}

export interface CountedRefusal<Context> {
  refusal: Refusal;
  /** Of the last one. */
  context: Context;
  /** Beyond the one that was written at once. */
  count: number;
  firstAt: Date;
  lastAt: Date;
}

interface Window<Context> extends CountedRefusal<Context> {
  endsAt: number;
}

export class RefusalWindows<Context> {
  private readonly windows = new Map<string, Window<Context>>();

  constructor(
    private readonly windowMs: number,
    private readonly mostKinds: number,
  ) {}

  /** Whether it is the first of its kind in this window, to be written at once. The others are counted. */
  note(refusal: Refusal, context: Context, now: Date): boolean {
    const found = this.place(refusal);
    const open = this.windows.get(found.key);
    if (open) {
      open.count += 1;
      open.lastAt = now;
      open.context = context;
      return false;
    }
    const endsAt = now.getTime() + this.windowMs;
    const count = found.isOverflow ? 1 : 0;
    this.windows.set(found.key, {
      refusal: found.refusal,
      context,
      count,
      firstAt: now,
      lastAt: now,
      endsAt,
    });
    return !found.isOverflow;
  }

  /** What was counted in windows that have ended; in all of them where `now` is null. */
  ended(now: Date | null): CountedRefusal<Context>[] {
    const ended = [...this.windows].filter(([, { endsAt }]) => now === null || endsAt <= now.getTime());
    ended.forEach(([key]) => this.windows.delete(key));
    return ended.map(([, window]) => window).filter(({ count }) => count > 0);
  }

  /** Beyond the bound, all that has the same code is one kind. */
  private place(refusal: Refusal): { key: string; refusal: Refusal; isOverflow: boolean } {
    const key = JSON.stringify([refusal.code, refusal.who, refusal.call]);
    const isOverflow = !this.windows.has(key) && this.windows.size >= this.mostKinds;
    return isOverflow
      ? { key: refusal.code, refusal: { code: refusal.code, call: '*', who: '*' }, isOverflow }
      : { key, refusal, isOverflow };
  }
}
