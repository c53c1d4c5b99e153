import type { ErrorCode } from '#contracts';
import { AppError } from '../errors/app-error.ts';

/** How much of what lasts (connections, watched answers) one person may hold at once in this process. */
export class Headcount {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly refusal: { code: ErrorCode; retryAfterSeconds: number },
  ) {}

  /** Returns the way out, which may be taken more than once. Throws AppError when there is no more room. */
  enter(key: string): () => void {
    const count = this.counts.get(key) ?? 0;
    const { code, retryAfterSeconds } = this.refusal;
    if (count >= this.most) throw new AppError(code, { retryAfterSeconds });
    this.counts.set(key, count + 1);
    let isInside = true;
    return () => {
      if (isInside) this.leave(key);
      isInside = false;
    };
  }

  private leave(key: string): void {
    const left = (this.counts.get(key) ?? 1) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }
}
