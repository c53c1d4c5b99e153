import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { observeGauge, oneLook } from './observed-gauge.ts';

const valueOf = (text: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith('of_interest '))
    ?.split(' ')[1];

describe('a gauge that is looked at when the metrics are read', () => {
  it.each<[string, () => number | null | Promise<number | null>, string | undefined]>([
    ['has the value of that moment', () => 7, '7'],
    ['may have to wait for it', async () => 8, '8'],
    ['is absent where there is none', () => null, undefined],
    ['is absent where nobody can say', () => Promise.reject(new Error('away')), undefined],
    [
      'is absent where looking throws',
      () => {
        throw new Error('away');
      },
      undefined,
    ],
  ])('%s', async (_, read, expected) => {
    const registry = new Registry();
    observeGauge(registry, { name: 'of_interest', help: 'What is looked at.' }, read);
    expect(valueOf(await registry.metrics())).toBe(expected);
  });

  it('goes when its value does, and does not keep the others back', async () => {
    const registry = new Registry();
    let value: Promise<number | null> = Promise.resolve(1);
    observeGauge(registry, { name: 'of_interest', help: 'What is looked at.' }, () => value);
    observeGauge(registry, { name: 'other', help: 'Another.' }, () => 2);
    expect(valueOf(await registry.metrics())).toBe('1');
    value = new Promise(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = registry.metrics();
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    const text = await reading;
    expect(valueOf(text)).toBeUndefined();
    expect(text).toContain('\nother 2');
  });
});

describe('one look', () => {
  it('is shared by all who want it at the same time, and by nobody later', async () => {
    const look = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockResolvedValueOnce(2);
    const shared = oneLook(look);
    expect(await Promise.all([shared(), shared()])).toEqual([1, 1]);
    expect(await shared()).toBe(2);
  });
});
