import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';
import { end } from '../../test/fakes.ts';
import { until } from '../../../../test/support/until.ts';
import type { StreamEvent } from '../streaming/stream-event.ts';
import { Wakeup } from './wakeup.ts';

Logger.overrideLogger(false);

const forever = () => new AbortController().signal;

async function all(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const seen: StreamEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
/** Whether followers were woken each time, and had to look by themselves never; from this call on. */
function watchWakeups(): () => Promise<boolean> {
  const waits = vi.spyOn(Wakeup.prototype, 'wait');
  return async () => {
    const woken = await Promise.all(waits.mock.results.map(({ value }) => value as Promise<boolean>));
    waits.mockRestore();
    return woken.length > 0 && woken.every(Boolean);
  };
}
const told = (events: readonly StreamEvent[]) =>
  events.map((event) => [
    event.data.seq,
    event.name === 'generation:delta' ? event.data.text : event.data.status,
  ]);

describe('GenerationEvents', () => {
  let chat: OpenChat;
  let one: ChatProcess;
  beforeAll(async () => {
    chat = await openChat();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());

  async function asking() {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    const { generation } = await one.generations.send(caller, id, question('q'));
    return { caller, conversationId: id, generation, call: await one.model.nextCall() };
  }

  const pieces = ['Na', 'ïve ', '🦉', '\n\n', '日本', ' end'];
  const whole = [...pieces.map((text, index) => [index + 1, text]), [7, 'done']];

  it('F18: a follower gets every delta once and in order, whenever it comes', async () => {
    const { caller, generation, call } = await asking();
    const areWoken = watchWakeups();
    const early = all(await one.events.follow(caller, generation.id, 0, forever()));
    call.say(...pieces.slice(0, 3));
    await until(() =>
      one.emitted.some(({ payload }) => payload.generationId === generation.id && payload.seq === 3),
    );
    const midway = all(await one.events.follow(caller, generation.id, 0, forever()));
    const resumed = all(await one.events.follow(caller, generation.id, 2, forever()));
    call.finish(...pieces.slice(3), end());
    expect(told(await early)).toEqual(whole);
    expect(told(await midway)).toEqual(whole);
    expect(told(await resumed)).toEqual(whole.slice(2));
    expect(await areWoken()).toBe(true);
  });

  it('F18: replays a finished answer out of the database, delta by delta, in a process that never saw it', async () => {
    const { caller, generation, call } = await asking();
    call.finish(...pieces, end());
    await one.idle();
    const two = chat.startProcess();
    for (const after of [0, 1, 5, 6, 7, 99]) {
      const events = await all(await two.events.follow(caller, generation.id, after, forever()));
      expect(told(events)).toEqual(whole.slice(Math.min(after, 6)));
      expect(await two.events.resume(caller.userId, generation.id, after)).toEqual({
        events,
        seq: 7,
        status: 'done',
      });
    }
  });

  it('replays exactly the events that were sent live', async () => {
    const { caller, generation, call } = await asking();
    call.finish(...pieces, end());
    await one.idle();
    const live = one.emitted
      .filter(({ name, payload }) => payload.generationId === generation.id && name !== 'generation:started')
      .map(({ name, payload }) => ({ name, data: payload }));
    const replayed = await all(await chat.startProcess().events.follow(caller, generation.id, 0, forever()));
    expect(replayed).toEqual(live);
  });

  it('resumes with what was missed and the number it leads to', async () => {
    const { caller, generation, call } = await asking();
    call.say('a', 'b', 'c');
    await until(() =>
      one.emitted.some(({ payload }) => payload.generationId === generation.id && payload.seq === 3),
    );
    const resumed = await one.events.resume(caller.userId, generation.id, 1);
    expect({ ...resumed, events: told(resumed.events) }).toEqual({
      seq: 3,
      status: 'streaming',
      events: [
        [2, 'b'],
        [3, 'c'],
      ],
    });
    expect(await one.events.resume(caller.userId, generation.id, 50)).toEqual({
      seq: 3,
      status: 'streaming',
      events: [],
    });
    call.finish(end());
    await one.idle();
  });

  it('F18: counts as resumed only what was sent, not what came while it looked', async () => {
    const { caller, generation, call } = await asking();
    const isTold = (seq: number) =>
      until(() =>
        one.emitted.some(({ payload }) => payload.generationId === generation.id && payload.seq === seq),
      );
    call.say('a');
    await isTold(1);
    const read = one.log.read.bind(one.log);
    one.log.read = async (...asked) => {
      one.log.read = read;
      const events = await read(...asked);
      call.say('b');
      await isTold(2);
      return events;
    };
    const resumed = await one.events.resume(caller.userId, generation.id, 1);
    expect(resumed).toEqual({ seq: 1, status: 'streaming', events: [] });
    call.finish(end());
    await one.idle();
  });

  it('F16: tells a follower of the end when the process that wrote is gone', async () => {
    const { caller, generation, call } = await asking();
    call.say('so far');
    await until(async () => (await one.rows.require(caller.userId, generation.id)).lastSeq === 1);
    const two = chat.startProcess();
    const following = all(await two.events.follow(caller, generation.id, 0, forever()));
    await chat.database.rows(
      `UPDATE generations SET runner_id = gen_random_uuid(), lease_until = now() - interval '1 s' WHERE id = $1`,
      [generation.id],
    );
    await chat.startProcess().recovery.look();
    expect(told(await following)).toEqual([
      [1, 'so far'],
      [2, 'interrupted'],
    ]);
    call.finish(end());
    await one.idle();
  });

  it('ends for a client that goes away, and the answer is written all the same', async () => {
    const { caller, generation, call } = await asking();
    const client = new AbortController();
    const following = all(await one.events.follow(caller, generation.id, 0, client.signal));
    call.say('a');
    client.abort();
    await following;
    call.finish('b', end());
    await one.idle();
    expect(await one.messages.require(caller.userId, generation.messageId)).toMatchObject({
      content: 'ab',
      status: 'done',
    });
  });

  it('ends for a session that ends, also when another session began the answer', async () => {
    const { caller, generation, call } = await asking();
    const elsewhere = { userId: caller.userId, sessionId: randomUUID() };
    const following = all(await one.events.follow(elsewhere, generation.id, 0, forever()));
    await one.generations.stopAll({ sessionId: elsewhere.sessionId });
    expect(await following).toEqual([]);
    expect(call.wasAborted).toBe(false);
    call.finish(end());
    await one.idle();
  });

  it('ends when the conversation is deleted', async () => {
    const { caller, conversationId, generation } = await asking();
    const areWoken = watchWakeups();
    const following = all(await one.events.follow(caller, generation.id, 0, forever()));
    await one.conversations.delete(caller.userId, conversationId);
    expect(await following).toEqual([]);
    expect(await areWoken()).toBe(true);
    await one.idle();
  });

  it('AUZ-02, WSK-04: refuses to follow, resume or stop the answers of others', async () => {
    const { generation, call } = await asking();
    const stranger = await chat.person();
    const calls = [
      (id: string) => one.events.follow(stranger, id, 0, forever()),
      (id: string) => one.events.resume(stranger.userId, id, 0),
      (id: string) => one.generations.stop(stranger, id),
    ];
    for (const refused of calls)
      for (const id of [generation.id, randomUUID()])
        await expect(refused(id)).rejects.toMatchObject({ code: 'not_found', extras: {} });
    expect(call.wasAborted).toBe(false);
    call.finish(end());
    await one.idle();
  });
});
