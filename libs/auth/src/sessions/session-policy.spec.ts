import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts';
import { type Clock, minutesAfter, secondsAfter } from '#platform';
import { FakeClock } from '#platform/testing';
import { type RevocationReason, revocationReasons } from './session.entity.ts';
import { initialTimes, isSlideDue, slid, slideEverySeconds, whyEnded } from './session-policy.ts';

const start = new Date('2026-03-01T08:00:00Z');
const lifetimes = {
  sessionIdleMinutes: 60,
  sessionAbsoluteMinutes: 24 * 60,
  sessionRememberMinutes: 7 * 24 * 60,
};
const live = { revokedAt: null, revokedWhy: null };

describe('the lifetime of a session', () => {
  it.each([
    { remember: false, idle: 60, absolute: 24 * 60 },
    { remember: true, idle: 7 * 24 * 60, absolute: 7 * 24 * 60 },
  ])('remember $remember: idle after $idle, at most $absolute minutes', ({ remember, idle, absolute }) => {
    expect(initialTimes(start, remember, lifetimes)).toEqual({
      idleExpiresAt: minutesAfter(start, idle),
      absoluteExpiresAt: minutesAfter(start, absolute),
    });
  });

  it('never begins with an idle end after the absolute one', () => {
    const odd = { ...lifetimes, sessionIdleMinutes: 24 * 60, sessionAbsoluteMinutes: 60 };
    const times = initialTimes(start, false, odd);
    expect(times.idleExpiresAt).toEqual(times.absoluteExpiresAt);
  });

  it('SES-09: lives one second before its idle end and has expired at it', () => {
    const session = { ...initialTimes(start, false, lifetimes), ...live };
    expect(whyEnded(session, secondsAfter(session.idleExpiresAt, -1))).toBeNull();
    expect(whyEnded(session, session.idleExpiresAt)).toBe('session_expired');
    expect(whyEnded(session, secondsAfter(session.idleExpiresAt, 1))).toBe('session_expired');
  });

  it('SES-09: activity slides the idle end', () => {
    const session = { ...initialTimes(start, false, lifetimes), remember: false };
    const later = minutesAfter(start, 59);
    expect(slid(session, later, lifetimes)).toEqual(minutesAfter(later, 60));
  });

  it.each([false, true])(
    'SES-10: activity every minute cannot pass the absolute end (remember %s)',
    (remember) => {
      const session = { ...initialTimes(start, remember, lifetimes), ...live, remember, lastSeenAt: start };
      const clock: Clock = new FakeClock(start);
      const end = session.absoluteExpiresAt;
      while (clock.now() < end) {
        expect(whyEnded(session, clock.now())).toBeNull();
        session.idleExpiresAt = slid(session, clock.now(), lifetimes);
        expect(session.idleExpiresAt <= end).toBe(true);
        (clock as FakeClock).advanceSeconds(60);
      }
      expect(whyEnded(session, clock.now())).toBe('session_expired');
    },
  );

  const told: Record<RevocationReason, ErrorCode> = {
    signed_out: 'not_authenticated',
    replaced: 'not_authenticated',
    signed_out_at_entra: 'not_authenticated',
    too_many: 'session_revoked',
    ended_elsewhere: 'session_revoked',
    rights_changed: 'session_revoked',
    ended_by_administrator: 'session_ended_by_administrator',
    device_changed: 'device_changed',
    account_disabled: 'account_disabled',
    identity_mismatch: 'identity_mismatch',
    database_restored: 'not_authenticated',
  };
  it.each(revocationReasons)('a session revoked as %s says so, whatever time is left', (revokedWhy) => {
    const times = initialTimes(start, true, lifetimes);
    expect(whyEnded({ ...times, revokedAt: start, revokedWhy }, start)).toBe(told[revokedWhy]);
  });

  it('a session revoked without reason does not live either', () => {
    const times = initialTimes(start, true, lifetimes);
    expect(whyEnded({ ...times, revokedAt: start, revokedWhy: null }, start)).toBe('session_revoked');
  });

  it.each([
    { idle: 60, every: 30 },
    { idle: 1, every: 1 },
  ])('a row is slid every $every seconds where idle is $idle minutes', ({ idle, every }) => {
    const short = { ...lifetimes, sessionIdleMinutes: idle };
    expect(slideEverySeconds(short)).toBe(every);
    expect(isSlideDue({ lastSeenAt: start }, secondsAfter(start, every - 1), short)).toBe(false);
    expect(isSlideDue({ lastSeenAt: start }, secondsAfter(start, every), short)).toBe(true);
  });
});
