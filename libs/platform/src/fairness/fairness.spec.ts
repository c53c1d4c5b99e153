import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Headcount } from './headcount.ts';
import { inTurn } from './turns.interceptor.ts';
import { Turns } from './turns.ts';

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('F27: Turns', () => {
  it('serves so many at once, the others in the order they came, and refuses what is beyond', async () => {
    const turns = new Turns({ served: 2, waiting: 3 });
    const served: number[] = [];
    const ends: (() => void)[] = [];
    const come = async (number: number) => {
      ends.push(await turns.take('uma'));
      served.push(number);
    };
    const all = [1, 2, 3, 4, 5, 6, 7].map(come);
    const refused = Promise.allSettled(all.slice(5));
    await settle();
    expect(served).toEqual([1, 2]);
    const reason = expect.objectContaining({
      code: 'rate_limited',
      extras: { retryAfterSeconds: 1 },
    }) as unknown;
    expect(await refused).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    ends.shift()?.();
    await settle();
    expect(served).toEqual([1, 2, 3]);
    void come(8);
    while (ends.length > 0) {
      ends.shift()?.();
      await settle();
    }
    expect(served).toEqual([1, 2, 3, 4, 5, 8]);
  });

  it('keeps nobody waiting for another person', async () => {
    const turns = new Turns({ served: 1, waiting: 1 });
    await turns.take('uma');
    void turns.take('uma');
    await expect(turns.take('uma')).rejects.toMatchObject({ code: 'rate_limited' });
    (await turns.take('gustav'))();
    (await turns.take('gustav'))();
  });

  it('gets a turn back from who went away while they waited for it, or while they were served', async () => {
    const turns = new Turns({ served: 1, waiting: 2 });
    const served: string[] = [];
    const call = (name: string) =>
      inTurn(turns, 'uma', {
        handle: () => {
          served.push(name);
          return NEVER;
        },
      }).subscribe();
    const [one, two] = [call('one'), call('two')];
    call('three');
    await settle();
    two.unsubscribe();
    one.unsubscribe();
    await settle();
    expect(served).toEqual(['one', 'three']);
  });

  it('forgets who has nothing under way', async () => {
    const turns = new Turns({ served: 1, waiting: 1 });
    for (let round = 0; round < 3; round += 1) {
      const first = await turns.take('uma');
      const second = turns.take('uma');
      first();
      (await second)();
    }
    expect(turns).toMatchObject({ lines: new Map() });
  });
});

describe('F27: Headcount', () => {
  const refusal = { code: 'too_many_connections', retryAfterSeconds: 30 } as const;

  it('lets so many in, and another one for each that left', () => {
    const headcount = new Headcount(2, refusal);
    const leave = headcount.enter('uma');
    headcount.enter('uma');
    expect(() => headcount.enter('uma')).toThrow(
      expect.objectContaining({ code: 'too_many_connections', extras: { retryAfterSeconds: 30 } }),
    );
    headcount.enter('gustav');
    leave();
    leave();
    headcount.enter('uma');
    expect(() => headcount.enter('uma')).toThrow();
  });

  it('forgets who has left', () => {
    const headcount = new Headcount(1, refusal);
    headcount.enter('uma')();
    expect(headcount).toMatchObject({ counts: new Map() });
  });
});
