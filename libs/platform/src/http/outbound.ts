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
  const allowed = new Set(origins.map((origin) => addressOf(new URL(origin))));
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!allowed.has(addressOf(url))) throw new OutboundError(`${addressOf(url)} is not a configured origin`);
    const signal = timeoutMs === null ? (init.signal ?? null) : withDeadline(init.signal, timeoutMs);
    return fetch(input, { ...init, redirect: 'error', signal });
  };
}

/** Not `url.origin`, which answers for `blob:https://host` what it answers for the host. */
const addressOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

/** Not AbortSignal.any with AbortSignal.timeout: Node 20 may collect them while they are in use, and then none fires. */
function withDeadline(caller: AbortSignal | null | undefined, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timedOut = () => controller.abort(new DOMException('The call took too long', 'TimeoutError'));
  setTimeout(timedOut, timeoutMs).unref();
  const abort = () => controller.abort(caller?.reason);
  if (caller?.aborted) abort();
  caller?.addEventListener('abort', abort, { once: true, signal: controller.signal });
  return controller.signal;
}
