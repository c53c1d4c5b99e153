import { chatCommands, type Problem } from '#contracts';
import { beginServing, markFailed } from '#platform';

type Answer = { ok: true } | { ok: false; error: Problem };
type Acknowledge = (answer: Answer) => void;

/**
 * One span an event of a socket, from its arrival to its acknowledgement, in the trace that its payload names. Replaces the
 * acknowledgement in the packet. @returns in what the event is to be handled.
 */
export function traceEvent(packet: unknown[], requestId: string): (handle: () => void) => void {
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
  packet[packet.length - 1] = (answer: Answer) => {
    if (!answer.ok && answer.error.status >= 500) markFailed(span, answer.error.code);
    span.end();
    (acknowledge as Acknowledge)(answer);
  };
  return within;
}
