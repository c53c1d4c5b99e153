/** Server-sent events (WHATWG HTML 9.2) as a web Response, which Nest sends piece by piece and stops with the client. */
import type { LiveEvent } from '../streaming/stream-event.ts';
import { timing } from './timing.ts';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would hold the events back until its buffer is full.
  'x-accel-buffering': 'no',
};

export const formatEvent = ({ name, data }: LiveEvent): string =>
  `${'seq' in data ? `id: ${data.seq}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * @param open is called with a signal that is aborted when the client has gone. What it throws is answered as a
 * problem, for nothing has been sent by then.
 */
export async function eventStream(
  open: (signal: AbortSignal) => Promise<AsyncIterable<LiveEvent>>,
  heartbeatMs: number = timing.heartbeatMs,
): Promise<Response> {
  const gone = new AbortController();
  const events = (await open(gone.signal))[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let coming: Promise<IteratorResult<LiveEvent>> | null = null;

  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(encoder.encode(': open\n\n')),
    async pull(stream) {
      coming ??= events.next();
      const next = await within(coming, heartbeatMs);
      if (next === null) return stream.enqueue(encoder.encode(': still here\n\n'));
      coming = null;
      if (next.done) stream.close();
      else stream.enqueue(encoder.encode(formatEvent(next.value)));
    },
    cancel() {
      gone.abort();
      // One that waits for nothing but to be asked for more would never notice.
      void events.return?.();
    },
  });
  return new Response(body, { headers });
}

/** Null when it takes longer. */
async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Where to go on: what the browser says on reconnecting counts for more than the address it was first given. */
export function resumeAfter(after: number, lastEventId: unknown): number {
  const seen = typeof lastEventId === 'string' && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : null;
  return seen ?? after;
}

export const wantsEventStream = (accept: unknown): boolean =>
  typeof accept === 'string' && accept.toLowerCase().includes('text/event-stream');
