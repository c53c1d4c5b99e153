/** Lets one reader wait for the next sign of something new; a sign given while nobody waits is not lost. */
export class Wakeup {
  private isGiven = false;
  private release: (() => void) | null = null;

  readonly give = (): void => {
    this.isGiven = true;
    this.release?.();
  };

  /** Until a sign is given, or `ms` have passed: then false. */
  async wait(ms: number): Promise<boolean> {
    if (!this.isGiven) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const wasGiven = this.isGiven;
    this.release = null;
    this.isGiven = false;
    return wasGiven;
  }
}
