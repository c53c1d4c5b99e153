import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import type { Clock, Fetch } from '#platform';

/** As long as a key that Entra withdrew is still believed. */
const freshForMs = 10 * 60 * 1000;
/** Unknown key ids make us look again; this bounds how often someone else can make us ask. */
const fetchesPerMinute = 10;

export interface Patience {
  /** What was published last still counts while Entra is away. */
  usableForMs: number;
  /** Between two tries meanwhile: each may hang, and those who are signed in wait for it. */
  retryAfterMs: number;
}

/**
 * Entra's signing keys: fetched when first needed, when they are old, and when a token names one that is new. While Entra
 * is away the last ones are used; they are the ones that its tokens were signed with (security.md F6).
 */
export function signingKeys(url: string, fetch: Fetch, clock: Clock, patience: Patience): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url), {
    cooldownDuration: 0,
    cacheMaxAge: Infinity,
    [customFetch]: bounded(fetch, clock),
  });
  const now = () => clock.now().getTime();
  let fetchedAt = -Infinity;
  let askAgainAt = -Infinity;

  const renew = async (): Promise<void> => {
    try {
      await remote.reload();
      fetchedAt = now();
    } catch (error) {
      if (now() - fetchedAt >= patience.usableForMs) throw error;
      askAgainAt = now() + patience.retryAfterMs;
    }
  };
  return async (header, token) => {
    const age = now() - fetchedAt;
    if (age >= patience.usableForMs || (age >= freshForMs && now() >= askAgainAt)) await renew();
    return remote(header, token);
  };
}

function bounded(fetch: Fetch, clock: Clock): Fetch {
  let recent: number[] = [];
  return (input, init) => {
    const now = clock.now().getTime();
    recent = recent.filter((time) => now - time < 60_000);
    if (recent.length >= fetchesPerMinute) throw new Error('signing keys were asked for too often');
    recent.push(now);
    return fetch(input, init);
  };
}
