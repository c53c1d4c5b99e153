import { describe, expect, it } from 'vitest';
import type { TokenCache } from '../vault/token-cache.entity.ts';
import { DueQueue } from './due-queue.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ version: index }) as TokenCache);

describe('the queue of what is due', () => {
  it('hands out each once, to many at the same time, in pieces, and then nothing', async () => {
    const all = rows(25);
    const asked: number[] = [];
    const queue = new DueQueue(async (most) => {
      asked.push(most);
      return all.splice(0, most);
    }, 10);
    const seen: TokenCache[] = [];
    const worker = async () => {
      for (let row = await queue.next(); row; row = await queue.next()) {
        seen.push(row);
        await Promise.resolve();
      }
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    expect(asked).toEqual([10, 10, 10]);
  });

  it('closed, gives back what it holds and fetches no more', async () => {
    const queue = new DueQueue(async () => rows(10), 10);
    await queue.next();
    expect(queue.close()).toHaveLength(9);
    expect(await queue.next()).toBeNull();
  });

  it('a failure to fetch reaches those who wait for it', async () => {
    const queue = new DueQueue(async () => Promise.reject(new Error('gone')), 10);
    await expect(Promise.all([queue.next(), queue.next()])).rejects.toThrow('gone');
  });
});
