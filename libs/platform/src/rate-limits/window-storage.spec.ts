import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing.ts';
import { WindowStorage } from './window-storage.ts';

const ttl = 60_000;

describe('WindowStorage', () => {
  const hit = (storage: WindowStorage, limit = 2, key = 'one') => storage.increment(key, ttl, limit);

  it('API-04: refuses the request after the limit, and says exactly how long', async () => {
    const clock = new FakeClock();
    const storage = new WindowStorage(clock);
    await hit(storage);
    clock.advanceSeconds(20);
    expect((await hit(storage)).isBlocked).toBe(false);
    const refused = await hit(storage);
    expect(refused).toMatchObject({ isBlocked: true, timeToBlockExpire: 40 });
    clock.advanceSeconds(39);
    expect((await hit(storage)).isBlocked).toBe(true);
    clock.advanceSeconds(1);
    expect((await hit(storage)).isBlocked).toBe(false);
  });

  it('API-04: of two requests at the limit, exactly one passes', async () => {
    const storage = new WindowStorage(new FakeClock());
    const answers = await Promise.all([hit(storage, 1), hit(storage, 1)]);
    expect(answers.filter(({ isBlocked }) => !isBlocked)).toHaveLength(1);
  });

  it('counts each key for itself', async () => {
    const storage = new WindowStorage(new FakeClock());
    await hit(storage, 1, 'one');
    expect((await hit(storage, 1, 'other')).isBlocked).toBe(false);
  });
});
