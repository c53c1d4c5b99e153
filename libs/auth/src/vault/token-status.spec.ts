import { describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { failureClasses } from '../entra/entra-failure.ts';
import { needsPerson, tokenStatus } from './token-status.ts';

const now = new Date('2026-03-01T08:00:00Z');
const row = (secondsLeft: number | null, failureClass: (typeof failureClasses)[number] | null = null) => ({
  expiresAt: secondsLeft === null ? null : secondsAfter(now, secondsLeft),
  lastRefreshedAt: secondsAfter(now, -60),
  failureClass,
});

describe('the state of a person’s Azure token', () => {
  it.each([
    ['no row', null, 'none'],
    ['no token yet', row(null), 'none'],
    ['an hour left', row(3600), 'fresh'],
    ['one second more than the buffer', row(301), 'fresh'],
    ['the buffer left', row(300), 'expiring'],
    ['one second left', row(1), 'expiring'],
    ['no second left', row(0), 'expired'],
    ['past', row(-1), 'expired'],
    ['an hour left, the last refresh failed for a while', row(3600, 'transient'), 'fresh'],
    ['past, the operator has to mend it', row(-1, 'operator'), 'expired'],
    ['an hour left, but only the person can help', row(3600, 'sign_in_again'), 'needs_interaction'],
    ['no token, a further step is needed', row(null, 'interaction'), 'needs_interaction'],
    ['past and blocked', row(-1, 'blocked'), 'needs_interaction'],
  ] as const)('%s', (_, kept, status) => {
    expect(tokenStatus(kept, now, 300).status).toBe(status);
  });

  it('says when it ends and when it was renewed, and nothing else', () => {
    expect(tokenStatus(row(60), now, 300)).toEqual({
      status: 'expiring',
      expiresAt: '2026-03-01T08:01:00.000Z',
      lastRefreshedAt: '2026-03-01T07:59:00.000Z',
    });
    expect(tokenStatus(null, now, 300)).toEqual({ status: 'none', expiresAt: null, lastRefreshedAt: null });
  });
});

it('asking again in the person’s absence helps in two classes of failure only', () => {
  expect(failureClasses.filter((failureClass) => !needsPerson(failureClass))).toEqual([
    'transient',
    'operator',
  ]);
});
