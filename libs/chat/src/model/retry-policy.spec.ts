import { describe, expect, it } from 'vitest';
import { modelLimits } from './model-limits.ts';
import { nextTryAfterMs } from './retry-policy.ts';

const fresh = { retries: 0, waitedMs: 0, credentialRenewed: false, textShown: false };

describe('nextTryAfterMs', () => {
  it.each([
    ['nothing can change', { retry: 'never', waitMs: null }, fresh, null],
    ['F12: text was shown', { retry: 'later', waitMs: 10 }, { ...fresh, textShown: true }, null],
    ['F13: the token was refused', { retry: 'credential', waitMs: null }, fresh, 0],
    [
      'F13: the second token was refused as well',
      { retry: 'credential', waitMs: null },
      { ...fresh, credentialRenewed: true },
      null,
    ],
    ['Azure names a wait', { retry: 'later', waitMs: 3_000 }, fresh, 3_000],
    ['Azure names a wait beyond the budget', { retry: 'later', waitMs: 10_001 }, fresh, null],
    [
      'the waits together pass the budget',
      { retry: 'later', waitMs: 4_000 },
      { ...fresh, retries: 1, waitedMs: 7_000 },
      null,
    ],
    ['the tries are used up', { retry: 'later', waitMs: 1 }, { ...fresh, retries: 2 }, null],
    ['Azure names none, first time', { retry: 'later', waitMs: null }, fresh, 375],
    ['Azure names none, second time', { retry: 'later', waitMs: null }, { ...fresh, retries: 1 }, 750],
  ] as const)('when %s', (_, failure, tries, wait) => {
    expect(nextTryAfterMs(failure, tries, modelLimits, 0.5)).toBe(wait);
  });

  it('spreads those who were refused together', () => {
    const waits = [0, 1].map((chance) =>
      nextTryAfterMs({ retry: 'later', waitMs: null }, fresh, modelLimits, chance),
    );
    expect(waits).toEqual([250, 500]);
  });
});
