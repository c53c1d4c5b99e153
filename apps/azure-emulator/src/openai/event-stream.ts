import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenAiFault } from '../levers.ts';
import { chunksOf, type Completion } from './completion.ts';

export interface StreamOrder {
  completion: Completion;
  includesUsage: boolean;
  firstDeltaMs: number;
  deltaMs: number;
  fault: OpenAiFault | null;
  /** Fires when the caller is gone. */
  signal: AbortSignal;
  /** Breaks the connection off without a proper end. */
  cut(): void;
  onDelta(): void;
}

/** Before the first piece of text come the judged prompt and the role. */
const CHUNKS_BEFORE_TEXT = 2;

/** Server-sent events as Azure writes them, at a model's pace, with the flaw a test asked for. */
export async function* eventsOf(order: StreamOrder): AsyncGenerator<Buffer> {
  const { completion, fault, signal } = order;
  const deltaMs = fault?.kind === 'slow' ? fault.deltaMs : order.deltaMs;
  let sent = -CHUNKS_BEFORE_TEXT;
  try {
    for (const chunk of chunksOf(completion, order.includesUsage)) {
      const isText = sent >= 0 && sent < completion.deltas.length;
      if (isText) await sleep(sent === 0 ? order.firstDeltaMs : deltaMs, undefined, { signal });
      if (sent >= 0 && fault && 'after' in fault && fault.after === sent) {
        const goesOn = yield* showFlaw(fault, order);
        if (!goesOn) return;
      }
      const event = Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
      yield* fault?.kind === 'split-utf8' ? splitInsideCharacter(event, signal) : [event];
      if (isText) order.onDelta();
      sent++;
    }
    yield Buffer.from('data: [DONE]\n\n');
  } catch (error) {
    // The caller is gone: there is nobody left to tell.
    if (!signal.aborted) throw error;
  }
}

async function* showFlaw(fault: OpenAiFault, { signal, cut }: StreamOrder): AsyncGenerator<Buffer, boolean> {
  switch (fault.kind) {
    case 'cut':
    case 'stall':
      if (fault.kind === 'cut') cut();
      await sleep(3_600_000, undefined, { signal });
      return false;
    case 'garbage':
      yield Buffer.from('data: {"id": this is not JSON\n\n');
      return true;
    case 'error-event': {
      const error = {
        message: 'The server had an error while processing your request.',
        type: 'server_error',
        code: '500',
      };
      yield Buffer.from(`data: ${JSON.stringify({ error })}\n\n`);
      return false;
    }
    default:
      return true;
  }
}

async function* splitInsideCharacter(event: Buffer, signal: AbortSignal): AsyncGenerator<Buffer> {
  const start = event.findIndex((byte) => byte >= 0xc0);
  if (start < 0) return yield event;
  yield event.subarray(0, start + 1);
  await sleep(5, undefined, { signal });
  yield event.subarray(start + 1);
}
