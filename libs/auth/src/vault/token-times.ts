/** When a token is renewed: pure rules over its times and a given moment. */
import { secondsAfter } from '#platform';

export interface Timed {
  expiresAt: Date;
  /** Unknown for tokens that were kept before it was written down. */
  acquiredAt?: Date | undefined;
}

const lifeSeconds = ({ expiresAt, acquiredAt }: Timed): number =>
  acquiredAt ? Math.max(0, (expiresAt.getTime() - acquiredAt.getTime()) / 1000) : Infinity;

/** From when on a caller asks for another. Never before half its life, or short tokens would be renewed at every call. */
export const refreshFrom = (token: Timed, bufferSeconds: number): Date =>
  secondsAfter(token.expiresAt, -Math.min(bufferSeconds, lifeSeconds(token) / 2));

/**
 * When the scheduler takes it up: before any caller has to wait for it, and not together with all the others that were
 * issued in the same minute. `random` is from 0 to 1.
 */
export const dueAt = (token: Timed, bufferSeconds: number, random: number): Date =>
  secondsAfter(refreshFrom(token, bufferSeconds), -random * Math.min(bufferSeconds, lifeSeconds(token) / 4));

/** The times in the row of somebody whose token for Azure OpenAI has just come. */
export const timesOf = (
  token: Timed | null,
  now: Date,
  { refreshBufferSeconds }: { refreshBufferSeconds: number },
  random: number,
) => ({
  expiresAt: token?.expiresAt ?? null,
  refreshDueAt: token ? dueAt({ ...token, acquiredAt: now }, refreshBufferSeconds, random) : null,
  lastRefreshedAt: token ? now : null,
});
