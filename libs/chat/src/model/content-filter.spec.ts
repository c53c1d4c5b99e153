import { describe, expect, it } from 'vitest';
import { firedFilter } from './content-filter.ts';

describe('firedFilter', () => {
  it.each([
    [
      'a harm with its severity',
      { hate: { filtered: false, severity: 'low' }, sexual: { filtered: true, severity: 'high' } },
      { category: 'sexual', severity: 'high' },
    ],
    [
      'a detection, which has none',
      { jailbreak: { detected: true, filtered: true } },
      { category: 'jailbreak', severity: null },
    ],
    ['something detected but let through', { jailbreak: { detected: true, filtered: false } }, null],
    ['nothing', {}, null],
    ['no results', undefined, null],
    ['text', 'hate', null],
    ['a category that is not a name', { '<script>': { filtered: true, severity: 'high' } }, null],
    ['a severity that is not text', { hate: { filtered: true, severity: { a: 1 } } }, null],
  ])('reads %s', (_, results, fired) => {
    expect(firedFilter(results)).toEqual(fired);
  });
});
