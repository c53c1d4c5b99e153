import { describe, expect, it } from 'vitest';
import { changeLevers, leversSchema, takeNext } from './levers.ts';

describe('changing the levers', () => {
  const untouched = leversSchema.parse({});

  it('keeps what the change does not name, and replaces lists', () => {
    const once = changeLevers(untouched, { tokens: { accessSeconds: 5 }, down: ['graph', 'token'] });
    const twice = changeLevers(once, { tokens: { idSeconds: 6 }, down: ['openai'] });
    expect(twice.tokens).toEqual({ ...untouched.tokens, accessSeconds: 5, idSeconds: 6 });
    expect(twice.down).toEqual(['openai']);
  });

  it('refuses what there is no lever for', () => {
    expect(() => changeLevers(untouched, { turbo: true })).toThrow();
  });
});

describe('taking a fault', () => {
  it('counts down, skips what is meant for others, and keeps what has no end', () => {
    const list = [
      { times: 1 as number | null, whom: 'uma' },
      { times: null, whom: 'viktor' },
    ];
    const takeFor = (whom: string) => takeNext(list, (item) => item.whom === whom)?.whom;
    expect([takeFor('viktor'), takeFor('uma'), takeFor('uma'), takeFor('viktor')]).toEqual([
      'viktor',
      'uma',
      undefined,
      'viktor',
    ]);
  });
});
