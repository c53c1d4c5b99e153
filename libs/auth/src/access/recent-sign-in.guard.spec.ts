import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AppError, minutesAfter, type NeedsRecentSignIn, RecentSignIn, secondsAfter } from '#platform';
import { FakeClock } from '#platform/testing';
import { authenticatedAt, isRecentSignIn } from '../sessions/session-policy.ts';
import { RecentSignInGuard } from './recent-sign-in.guard.ts';

const now = new Date('2026-03-01T08:00:00Z');

describe('how old a sign-in is', () => {
  it.each<[string, Date | null, Date]>([
    ['as Entra says', minutesAfter(now, -90), minutesAfter(now, -90)],
    ['as old as itself, where Entra does not say (OID-24)', null, now],
    ['not younger than now, whatever Entra’s clock shows', minutesAfter(now, 5), now],
  ])('%s', (_, saidByEntra, expected) => {
    expect(authenticatedAt(saidByEntra, now)).toEqual(expected);
  });

  it('AUZ-10: is recent for 15 minutes, and not a second longer', () => {
    const session = { authenticatedAt: now };
    expect(isRecentSignIn(session, secondsAfter(now, 15 * 60 - 1))).toBe(true);
    expect(isRecentSignIn(session, secondsAfter(now, 15 * 60))).toBe(false);
  });
});

describe('AUZ-10: the guard of the most sensitive acts', () => {
  function decide(rule: NeedsRecentSignIn | 'none' | 'always', body: unknown, age: number | null) {
    const handler = () => undefined;
    if (rule === 'always') RecentSignIn()(handler);
    else if (rule !== 'none') RecentSignIn(rule)(handler);
    const session = age === null ? undefined : { session: { authenticatedAt: minutesAfter(now, -age) } };
    const context = {
      getHandler: () => handler,
      getType: () => 'http',
      switchToHttp: () => ({ getRequest: () => ({ body, liveSession: session }) }),
    } as unknown as ExecutionContext;
    try {
      return new RecentSignInGuard(new FakeClock(now)).canActivate(context);
    } catch (error) {
      return (error as AppError).code;
    }
  }
  const grants: NeedsRecentSignIn = (body) => (body as { isAdmin?: unknown } | null)?.isAdmin === true;

  it.each<[string, Parameters<typeof decide>, boolean | string]>([
    ['lets through what does not ask for it', ['none', {}, 600], true],
    ['lets a recent sign-in through', ['always', undefined, 1], true],
    ['refuses an old one', ['always', undefined, 15], 'step_up_required'],
    ['refuses who has no session', ['always', undefined, null], 'step_up_required'],
    ['asks of some bodies only', [grants, { isAdmin: false }, 600], true],
    ['and of those it does', [grants, { isAdmin: true }, 600], 'step_up_required'],
    ['a body that is none does not need it', [grants, null, 600], true],
  ])('%s', (_, asked, expected) => {
    expect(decide(...asked)).toBe(expected);
  });
});
