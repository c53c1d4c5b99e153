import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AppError, EventBus } from '#platform';
import { FakeModel, FakeTokens, end, texts, usage } from '../../test/fakes.ts';
import { until } from '../../../../test/support/until.ts';
import { FakeFinishing, FakeMessages, FakeRows, noTransactions } from '../../test/fake-stores.ts';
import { conversationDeleted } from '../conversations/conversations.ts';
import type { ModelEvent } from '../model/chat-model.ts';
import { MemoryStreamLog } from '../streaming/memory-stream-log.ts';
import { generationTold } from '../streaming/stream-event.ts';
import { GenerationMetrics } from './generation-metrics.ts';
import { GenerationRunner } from './generation-runner.ts';
import { stopRequested } from './stop-scope.ts';
import { timing } from './timing.ts';
import type { Wire } from '../../test/wire.ts';

const job = {
  id: 'g',
  conversationId: 'c',
  messageId: 'answer',
  questionId: 'question',
  userId: 'u',
  sessionId: 's',
  model: 'gpt-4o',
};

Logger.overrideLogger(false);

describe('GenerationRunner', () => {
  let rows: FakeRows;
  let finishing: FakeFinishing;
  let model: FakeModel;
  let tokens: FakeTokens;
  let log: MemoryStreamLog;
  let bus: EventBus;
  let runner: GenerationRunner;
  let emitted: { name: string; payload: Wire; logged: number }[];

  beforeEach(() => {
    rows = new FakeRows();
    finishing = new FakeFinishing();
    model = new FakeModel();
    tokens = new FakeTokens();
    log = new MemoryStreamLog();
    bus = new EventBus(noTransactions);
    emitted = [];
    bus.subscribe(generationTold, ({ event: { name, data } }) => {
      emitted.push({ name, payload: data, logged: 0 });
      void log.read('g', 0).then((events) => (emitted.at(-1)!.logged = events?.length ?? 0));
    });
    const messages = new FakeMessages([{ role: 'user', content: 'Hi' }]);
    const metrics = new GenerationMetrics(new Registry());
    runner = new GenerationRunner(rows, messages, finishing, model, tokens, log, bus, metrics);
  });
  afterEach(() => vi.useRealTimers());

  const idle = () => until(() => runner.running.length === 0);
  async function run(...steps: (ModelEvent | Error | string)[]) {
    model.script = steps;
    runner.start(job);
    await idle();
    return finishing.ended[0];
  }

  it('numbers the deltas from 1, logs each before it is sent, and hands over the whole answer', async () => {
    const ended = await run(...texts('a', 'b', 'c'), usage(3, 2), end());
    expect(emitted.map(({ payload }) => [payload.seq, payload.text])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    expect(emitted.every(({ logged, payload }) => logged >= payload.seq)).toBe(true);
    expect(ended).toMatchObject({
      status: 'done',
      error: null,
      truncated: false,
      answer: { text: 'abc', deltaEnds: [1, 2, 3] },
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  it('AUZ-05: asks for the token of the owner, once for each try', async () => {
    await run('x', end());
    expect(tokens.asked).toEqual([{ userId: 'u', rejected: undefined }]);
    const rejected = { accessToken: 'old', claims: null };
    await model.calls[0]!.request.accessToken(rejected);
    expect(tokens.asked[1]).toEqual({ userId: 'u', rejected });
    // What was looked up ahead is for the first try: a later one may be long after.
    await model.calls[0]!.request.accessToken();
    expect(tokens.asked[2]).toEqual({ userId: 'u', rejected: undefined });
  });

  it.each([
    [
      'F12',
      new AppError('model_rate_limited', { retryAfterSeconds: 7 }),
      { code: 'model_rate_limited', retryAfterSeconds: 7 },
    ],
    [
      'F14',
      new AppError('model_content_filtered', { filter: { category: 'hate', severity: 'high' } }),
      { code: 'model_content_filtered', filter: { category: 'hate' } },
    ],
    ['F13', new AppError('reauthentication_required'), { code: 'reauthentication_required' }],
    ['F15', new AppError('model_timeout'), { code: 'model_timeout' }],
    ['a mistake of ours', new TypeError('undefined is not a function'), { code: 'internal' }],
  ])('%s: keeps the text so far and says why it failed', async (_, failure, error) => {
    const ended = await run('so ', 'far', failure);
    expect(ended).toMatchObject({ status: 'failed', answer: { text: 'so far' }, error });
  });

  it('F12: tells the person of a wait, which is no delta and takes no number', async () => {
    const ended = await run({ kind: 'wait', code: 'model_rate_limited', ms: 1_200 }, 'a', end());
    expect(emitted.map(({ name, payload }) => [name, payload.retryAfterSeconds ?? payload.seq])).toEqual([
      ['generation:waiting', 2],
      ['generation:delta', 1],
    ]);
    expect(ended).toMatchObject({ status: 'done', error: null, answer: { text: 'a' } });
  });

  it('F15: an answer without an end is never done', async () => {
    expect(await run('half')).toMatchObject({ status: 'failed', error: { code: 'model_unavailable' } });
  });

  it.each([
    ['this generation', { generationId: 'g' }],
    ['its session', { sessionId: 's' }],
    ['its person', { userId: 'u' }],
  ])('F21: a stop of %s aborts the call at once', async (_, scope) => {
    runner.start(job);
    const call = (await model.nextCall()).say('so far');
    await until(() => emitted.length === 1);
    bus.publish(stopRequested, scope);
    expect(call.wasAborted).toBe(true);
    await idle();
    expect(finishing.ended[0]).toMatchObject({ status: 'stopped', error: null, answer: { text: 'so far' } });
  });

  it('F21: takes nothing more from a model that goes on after the stop', async () => {
    model.stream = async function* () {
      for (;;) {
        yield { kind: 'text', text: '.' };
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    runner.start(job);
    await until(() => emitted.length > 3);
    bus.publish(stopRequested, { generationId: 'g' });
    await idle();
    expect(finishing.ended[0]).toMatchObject({ status: 'stopped' });
  });

  it('does not care for the stop of others', async () => {
    runner.start(job);
    const call = await model.nextCall();
    bus.publish(stopRequested, { userId: 'somebody else' });
    expect(call.wasAborted).toBe(false);
    call.finish(end());
    await idle();
  });

  it('sees a stop that another process has written into the row', async () => {
    rows.answer = 'stop-requested';
    runner.start(job);
    (await model.nextCall()).say('text');
    await idle();
    expect(finishing.ended[0]).toMatchObject({ status: 'stopped' });
  });

  it('writes nothing more once the row is gone or belongs to another process', async () => {
    rows.answer = 'lost';
    runner.start(job);
    const call = (await model.nextCall()).say('text');
    await idle();
    expect(call.wasAborted).toBe(true);
    expect(finishing.ended).toEqual([]);
  });

  it('ends with its conversation', async () => {
    runner.start(job);
    const call = await model.nextCall();
    bus.publish(conversationDeleted, { userId: 'u', conversationId: 'c' });
    expect(call.wasAborted).toBe(true);
    await idle();
    expect(finishing.ended).toEqual([]);
  });

  it('saves consistent snapshots, never one for each delta, and goes on when the database is away', async () => {
    rows.failures = 1;
    const begun = performance.now();
    runner.start(job);
    const call = await model.nextCall();
    for (let piece = 0; piece < 400; piece += 1) {
      call.say('word ');
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    call.finish(end());
    await idle();
    const most = (performance.now() - begun) / timing.saveEveryMs;
    expect(rows.saved.length).toBeLessThanOrEqual(most);
    expect(rows.saved.length).toBeGreaterThan(1);
    for (const { text, deltaEnds } of rows.saved) expect(deltaEnds.at(-1)).toBe(text.length);
    expect(finishing.ended[0]!.answer.deltaEnds).toHaveLength(400);
  });

  it('F1: stores the answer as soon as the database is there again', async () => {
    finishing.failures = 2;
    const ended = await run('kept', end());
    expect(ended).toMatchObject({ status: 'done', answer: { text: 'kept' } });
    expect(finishing.tries).toBe(3);
  });

  it('F17: a stop of the process aborts the calls, stores what there is, and begins nothing new', async () => {
    runner.start(job);
    const call = (await model.nextCall()).say('so far');
    await until(() => emitted.length === 1);
    runner.onModuleDestroy();
    await runner.beforeApplicationShutdown();
    expect(call.wasAborted).toBe(true);
    expect(finishing.ended[0]).toMatchObject({
      status: 'interrupted',
      answer: { text: 'so far' },
      error: { code: 'generation_interrupted' },
    });
    runner.start({ ...job, id: 'late' });
    await idle();
    expect(finishing.ended[1]).toMatchObject({ status: 'interrupted', answer: { text: '' } });
  });
});
