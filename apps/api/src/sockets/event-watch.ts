import { chatCommands, type Problem } from '#contracts';
import { beginServing, markFailed } from '#platform';
import type { RequestMetrics } from '../metrics/request-metrics.ts';

type Answer = { ok: true } | { ok: false; error: Problem };
type Acknowledge = (answer: Answer) => void;

/**
 * One span an event of a socket, from its arrival to its acknowledgement, in the trace that its payload names. Replaces the
 * acknowledgement in the packet. @returns in what the event is to be handled.
 */
export function watchEvent(
  packet: unknown[],
  requestId: string,
  metrics: RequestMetrics,
): (handle: () => void) => void {
  const [name, payload] = packet;
  const acknowledge = packet.at(-1);
  // The name is whatever the client says; what is not one of ours is refused, and by nobody missed.
  if (typeof name !== 'string' || !Object.hasOwn(chatCommands, name) || typeof acknowledge !== 'function')
    return (handle) => handle();
  const { traceparent } = (payload ?? {}) as { traceparent?: unknown };
  const { span, within } = beginServing(name, traceparent, {
    'entrada.socket.event': name,
    'entrada.request.id': requestId,
  });
  const begun = performance.now();
  packet[packet.length - 1] = (answer: Answer) => {
    const outcome = outcomeOf(answer);
    if (!answer.ok && outcome === 'failed') markFailed(span, answer.error.code);
    span.end();
    metrics.acknowledged(name, outcome, (performance.now() - begun) / 1000);
    (acknowledge as Acknowledge)(answer);
  };
  return within;
}

function outcomeOf(answer: Answer): 'ok' | 'refused' | 'failed' {
  if (answer.ok) return 'ok';
  return answer.error.status < 500 ? 'refused' : 'failed';
}
