import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { eventStream, formatEvent, resumeAfter, wantsEventStream } from './event-stream.ts';
import type { LiveEvent } from '../streaming/stream-event.ts';

const delta = (seq: number, text = `t${seq}`): LiveEvent => ({
  name: 'generation:delta',
  data: { generationId: 'g', seq, text },
});

async function* saying(...events: LiveEvent[]) {
  yield* events;
}

async function* slow() {
  yield delta(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  yield delta(2);
}
async function* endless() {
  await new Promise(() => undefined);
  yield delta(1);
}

describe('eventStream', () => {
  it('writes number, name and data of each event, and ends', async () => {
    const response = await eventStream(async () => saying(delta(1), delta(2, 'a\nb\r\n\ndata: x')));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(await response.text()).toBe(
      ': open\n\n' +
        'id: 1\nevent: generation:delta\ndata: {"generationId":"g","seq":1,"text":"t1"}\n\n' +
        'id: 2\nevent: generation:delta\ndata: {"generationId":"g","seq":2,"text":"a\\nb\\r\\n\\ndata: x"}\n\n',
    );
  });

  it('gives what has no number no id', () => {
    const data = { generationId: 'g', conversationId: 'c', messageId: 'm' };
    expect(formatEvent({ name: 'generation:started', data })).toMatch(/^event: generation:started\ndata: /);
  });

  it('shows that it is alive while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const text = (await eventStream(async () => slow(), 30)).text();
    await vi.advanceTimersByTimeAsync(100);
    expect(await text).toMatch(/"t1"}\n\n(: still here\n\n){3}id: 2/);
  });

  it('tells its source that the client has gone', async () => {
    let gone: AbortSignal | undefined;
    const response = await eventStream(async (signal) => {
      gone = signal;
      return endless();
    });
    await response.body!.cancel();
    expect(gone!.aborted).toBe(true);
  });

  it('F21: lets go of a source that is ahead of a client that has gone', async () => {
    let isLeft = false;
    async function* ahead() {
      try {
        for (let seq = 1; ; seq += 1) yield delta(seq);
      } finally {
        isLeft = true;
      }
    }
    const response = await eventStream(async () => ahead());
    const reader = response.body!.getReader();
    for (let read = 0; read < 3; read += 1) await reader.read();
    await reader.cancel();
    await expect.poll(() => isLeft).toBe(true);
  });

  it('answers a refusal before anything is sent', async () => {
    await expect(eventStream(() => Promise.reject(new Error('not yours')))).rejects.toThrow('not yours');
  });
});

describe('resumeAfter', () => {
  it.each([
    [3, undefined, 3],
    [3, '7', 7],
    [3, '0', 0],
    [3, '', 3],
    [3, '-1', 3],
    [3, '1e9', 3],
    [3, '99999999999', 3],
    [3, ['7'], 3],
  ])('after=%i and Last-Event-ID %j go on after %i', (after, lastEventId, from) => {
    expect(resumeAfter(after, lastEventId)).toBe(from);
  });
});

describe('wantsEventStream', () => {
  it.each([
    ['text/event-stream', true],
    ['application/json, Text/Event-Stream;q=0.9', true],
    ['application/json', false],
    ['*/*', false],
    [undefined, false],
  ])('%j: %s', (accept, wants) => {
    expect(wantsEventStream(accept)).toBe(wants);
  });
});
