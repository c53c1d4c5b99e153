import { timing } from './timing.ts';

/**
 * Calls `write` at most once in `saveEveryMs` after a change, and every `renewEveryMs` without one, so that the lease
 * lasts. Writes never overlap: the next is planned when the last has ended. `write` must not throw.
 */
export class ProgressWriter {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | null = null;
  private lastStart = performance.now();
  private isChanged = false;
  private isClosed = false;

  constructor(
    private readonly write: () => Promise<void>,
    private readonly times: Pick<typeof timing, 'saveEveryMs' | 'renewEveryMs'> = timing,
  ) {
    this.plan();
  }

  changed(): void {
    if (this.isChanged) return;
    this.isChanged = true;
    if (!this.writing) this.plan();
  }

  /** After this nothing is written any more; the caller writes the end itself. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.writing;
  }

  private plan(): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    const due = this.lastStart + (this.isChanged ? this.times.saveEveryMs : this.times.renewEveryMs);
    this.timer = setTimeout(() => this.run(), Math.max(0, due - performance.now()));
  }

  private run(): void {
    this.isChanged = false;
    this.lastStart = performance.now();
    this.writing = this.write().finally(() => {
      this.writing = null;
      this.plan();
    });
  }
}
