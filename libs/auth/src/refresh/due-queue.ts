import type { TokenCache } from '../vault/token-cache.entity.ts';

/** Hands out what is due one by one, and fetches it in small pieces, so that nothing lies leased for long. */
export class DueQueue {
  private rows: TokenCache[] = [];
  private isDrained = false;
  private fetching: Promise<void> | null = null;

  constructor(
    private readonly fetch: (most: number) => Promise<TokenCache[]>,
    private readonly size: number,
  ) {}

  async next(): Promise<TokenCache | null> {
    while (this.rows.length === 0 && !this.isDrained)
      await (this.fetching ??= this.fill().finally(() => (this.fetching = null)));
    return this.rows.shift() ?? null;
  }

  /** Fetches no more; what it still holds is returned. */
  close(): TokenCache[] {
    this.isDrained = true;
    return this.rows.splice(0);
  }

  private async fill(): Promise<void> {
    const fetched = await this.fetch(this.size);
    this.rows.push(...fetched);
    this.isDrained ||= fetched.length < this.size;
  }
}
