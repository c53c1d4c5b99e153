import type { ThrottlerStorage } from '@nestjs/throttler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ttl = 60_000;

/** What every counter of requests must do. `open` gives those of two processes, or twice the same. */
export function rateLimitConformance(
  kind: string,
  open: () => Promise<{
    one: ThrottlerStorage;
    other: ThrottlerStorage;
    advanceSeconds(seconds: number): Promise<void>;
    close(): Promise<void>;
  }>,
): void {
  describe(`${kind} as a counter of requests`, () => {
    let ends: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      ends = await open();
    });
    afterAll(() => ends.close());
    const hit = (storage: ThrottlerStorage, key: string, limit = 2) =>
      storage.increment(key, ttl, limit, ttl, 'address');

    it('API-04: refuses the request after the limit, whichever process it comes to, and says exactly how long', async () => {
      const { one, other, advanceSeconds } = ends;
      const key = crypto.randomUUID();
      await hit(one, key);
      await advanceSeconds(20);
      expect((await hit(other, key)).isBlocked).toBe(false);
      expect(await hit(one, key)).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 40 });
      await advanceSeconds(39);
      expect(await hit(other, key)).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
      await advanceSeconds(1);
      expect((await hit(one, key)).isBlocked).toBe(false);
    });

    it('API-04: of twenty requests at once, exactly as many pass as may', async () => {
      const { one, other } = ends;
      const key = crypto.randomUUID();
      const storages = Array.from({ length: 10 }, () => [one, other]).flat();
      const answers = await Promise.all(storages.map((storage) => hit(storage, key, 7)));
      expect(answers.filter(({ isBlocked }) => !isBlocked)).toHaveLength(7);
    });

    it('counts each key for itself', async () => {
      const { one } = ends;
      const [key, another] = [crypto.randomUUID(), crypto.randomUUID()];
      await hit(one, key, 1);
      expect((await hit(one, another, 1)).isBlocked).toBe(false);
    });
  });
}
