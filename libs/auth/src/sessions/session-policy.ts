/** When a session lives: pure rules over its row and a given time. */
import type { ErrorCode } from '#contracts';
import { minutesAfter, secondsAfter } from '#platform';
import type { RevocationReason, Session } from './session.entity.ts';

export interface Lifetimes {
  sessionIdleMinutes: number;
  sessionAbsoluteMinutes: number;
  sessionRememberMinutes: number;
}

type Times = Pick<Session, 'idleExpiresAt' | 'absoluteExpiresAt'>;

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
const idleMinutes = (remember: boolean, lifetimes: Lifetimes): number =>
  remember ? lifetimes.sessionRememberMinutes : lifetimes.sessionIdleMinutes;

export function initialTimes(now: Date, remember: boolean, lifetimes: Lifetimes): Times {
  const absolute = remember ? lifetimes.sessionRememberMinutes : lifetimes.sessionAbsoluteMinutes;
  const absoluteExpiresAt = minutesAfter(now, absolute);
  return { absoluteExpiresAt, idleExpiresAt: slid({ absoluteExpiresAt, remember }, now, lifetimes) };
}

/** The idle end after a request at `now`; the absolute end is never passed. */
export const slid = (
  session: Pick<Session, 'absoluteExpiresAt' | 'remember'>,
  now: Date,
  lifetimes: Lifetimes,
): Date => earlier(minutesAfter(now, idleMinutes(session.remember, lifetimes)), session.absoluteExpiresAt);

/** A request slides the row at most this often, so that not every request is a write. */
export const slideEverySeconds = (lifetimes: Lifetimes): number => Math.min(30, lifetimes.sessionIdleMinutes);

export const isSlideDue = (session: Pick<Session, 'lastSeenAt'>, now: Date, lifetimes: Lifetimes): boolean =>
  now >= secondsAfter(session.lastSeenAt, slideEverySeconds(lifetimes));

/** How old the proof of who somebody is may be for the most sensitive acts. */
const recentSignInMinutes = 15;

export const isRecentSignIn = ({ authenticatedAt }: Pick<Session, 'authenticatedAt'>, now: Date): boolean =>
  now < minutesAfter(authenticatedAt, recentSignInMinutes);

/** Without a word from Entra a sign-in is as old as itself (security.md OID-24); a time to come is a clock gone wrong. */
export const authenticatedAt = (saidByEntra: Date | null, now: Date): Date =>
  earlier(saidByEntra ?? now, now);

/** What the person is told; signing out and signing in again need no explanation. */
const revokedCode: Record<RevocationReason, ErrorCode> = {
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
export const codeOfRevocation = (why: RevocationReason): ErrorCode => revokedCode[why];

/** Why the session does not count, or null when it is live. */
export function whyEnded(
  session: Times & Pick<Session, 'revokedAt' | 'revokedWhy'>,
  now: Date,
): ErrorCode | null {
  if (session.revokedAt) return codeOfRevocation(session.revokedWhy ?? 'ended_elsewhere');
  return now >= session.idleExpiresAt || now >= session.absoluteExpiresAt ? 'session_expired' : null;
}
