import { describe, expect, it } from 'vitest';
import { RefusalWindows } from './refusal-windows.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 8, 0, seconds));
const refusal = (who: string, code = 'forbidden', call = 'GET /x') => ({ code, call, who });

describe('LOG-01: refusals', () => {
  it('are told at once the first time, then counted until the window ends', () => {
    const windows = new RefusalWindows<string>(60_000, 10);
    expect(windows.note(refusal('uma'), 'first', at(0))).toBe(true);
    expect(windows.note(refusal('uma'), 'second', at(1))).toBe(false);
    expect(windows.note(refusal('uma'), 'third', at(2))).toBe(false);
    expect(windows.ended(at(59))).toEqual([]);
    expect(windows.ended(at(60))).toMatchObject([
      { refusal: refusal('uma'), context: 'third', count: 2, firstAt: at(0), lastAt: at(2) },
    ]);
    expect(windows.ended(at(120))).toEqual([]);
    expect(windows.note(refusal('uma'), 'next', at(61))).toBe(true);
  });

  it('that stay alone need no sum', () => {
    const windows = new RefusalWindows<string>(60_000, 10);
    windows.note(refusal('uma'), '', at(0));
    expect(windows.ended(null)).toEqual([]);
  });

  it.each([
    ['person', refusal('ada')],
    ['reason', refusal('uma', 'csrf_failed')],
    ['route', refusal('uma', 'forbidden', 'GET /y')],
  ])('of another %s are another kind', (_what, other) => {
    const windows = new RefusalWindows<string>(60_000, 10);
    windows.note(refusal('uma'), '', at(0));
    expect(windows.note(other, '', at(1))).toBe(true);
  });

  it('of ever new kinds end as one sum for each reason', () => {
    const windows = new RefusalWindows<string>(60_000, 3);
    const told = Array.from({ length: 1_000 }, (_, n) =>
      windows.note(refusal(`address ${n}`, n % 2 ? 'rate_limited' : 'csrf_failed'), '', at(1)),
    );
    expect(told.filter(Boolean)).toHaveLength(3);
    expect(windows.ended(null).map(({ refusal: { code, who }, count }) => [code, who, count])).toEqual([
      ['rate_limited', '*', 499],
      ['csrf_failed', '*', 498],
    ]);
  });

  it('that were not yet told are told when the process ends', () => {
    const windows = new RefusalWindows<string>(60_000, 10);
    windows.note(refusal('uma'), '', at(0));
    windows.note(refusal('uma'), '', at(0));
    expect(windows.ended(null)).toMatchObject([{ count: 1 }]);
  });
});
