/**
 * The only door out. Requests go to origins named in the configuration, are never redirected (a redirect would carry a
 * person's token to a host nobody chose) and always end (security.md API-07).
 */
export type Fetch = typeof fetch;

export class OutboundError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutboundError';
  }
}

export interface OutboundRules {
  origins: readonly string[];
  /** Until the headers and the body have arrived; streams pass their own signal instead. */
  timeoutMs: number | null;
}

export function outboundFetch({ origins, timeoutMs }: OutboundRules): Fetch {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!allowed.has(url.origin)) throw new OutboundError(`${url.origin} is not a configured origin`);
    const signals = [init.signal, timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)].filter(
      (s) => s != null,
    );
    return fetch(input, {
      ...init,
      redirect: 'error',
      signal: signals.length > 0 ? AbortSignal.any(signals) : null,
    });
  };
}
