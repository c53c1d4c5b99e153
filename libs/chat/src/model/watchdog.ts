/**
 * A signal that follows `parent` and is also aborted when an expected thing does not come in time. One controller and
 * one listener instead of AbortSignal.any and AbortSignal.timeout, which Node 20 may collect while they are in use.
 */
export class Watchdog {
  private readonly controller = new AbortController();
  private readonly follow = () => this.controller.abort(this.parent.reason);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parent: AbortSignal) {
    if (parent.aborted) this.follow();
    else parent.addEventListener('abort', this.follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The time passed; the parent had nothing to do with it. */
  get hasFired(): boolean {
    return this.controller.signal.aborted && !this.parent.aborted;
  }

  expectWithin(ms: number): void {
    this.rest();
    this.timer = setTimeout(() => this.controller.abort(), ms);
  }

  rest(): void {
    clearTimeout(this.timer);
  }

  dismiss(): void {
    this.rest();
    this.parent.removeEventListener('abort', this.follow);
  }
}
