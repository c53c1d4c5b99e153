import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';
import { end, usage } from '../../test/fakes.ts';
import { until } from '../../../../test/support/until.ts';

Logger.overrideLogger(false);

describe('Finishing', () => {
  let chat: OpenChat;
  let one: ChatProcess;
  beforeAll(async () => {
    chat = await openChat();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());

  async function asking(model?: string) {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    const { generation } = await one.generations.send(caller, id, question('q', { model }));
    return { caller, conversationId: id, generation, call: await one.model.nextCall() };
  }
  const used = (userId: string) =>
    chat.database.rows(
      `SELECT day::text, model, input_tokens::int AS input, output_tokens::int AS output, requests
       FROM usage_days WHERE user_id = $1 ORDER BY model`,
      [userId],
    );

  it('stores message, state, usage and conversation together or not at all, and tries until it can', async () => {
    const { caller, conversationId, generation, call } = await asking();
    await chat.database.rows('ALTER TABLE usage_days ADD CONSTRAINT broken CHECK (false) NOT VALID');
    const before = await one.conversations.get(caller.userId, conversationId);
    chat.clock.advanceSeconds(5);
    call.finish('answer', usage(3, 1), end());
    let tries = 0;
    const { finish } = one.finishing;
    one.finishing.finish = (...parameters) => {
      tries += 1;
      return finish.apply(one.finishing, parameters);
    };
    await until(() => tries >= 2);
    expect(await one.messages.require(caller.userId, generation.messageId)).toMatchObject({
      content: '',
      status: 'streaming',
    });
    expect(await one.rows.require(caller.userId, generation.id)).toMatchObject({ status: 'streaming' });
    expect(await one.conversations.get(caller.userId, conversationId)).toEqual(before);
    expect(
      one.emitted.some(({ name, userId }) => name === 'generation:finished' && userId === caller.userId),
    ).toBe(false);

    await chat.database.rows('ALTER TABLE usage_days DROP CONSTRAINT broken');
    await one.idle();
    one.finishing.finish = finish;
    expect(await one.messages.require(caller.userId, generation.messageId)).toMatchObject({
      content: 'answer',
      status: 'done',
    });
    expect(await one.rows.require(caller.userId, generation.id)).toMatchObject({
      status: 'done',
      text: '',
      leaseUntil: null,
    });
    expect(await used(caller.userId)).toMatchObject([{ input: 3, output: 1, requests: 1 }]);
  });

  it('counts tokens by day and model', async () => {
    const { caller, conversationId, call } = await asking();
    call.finish('a', usage(10, 5), end());
    await one.idle();
    await one.generations.send(caller, conversationId, question('q'));
    (await one.model.nextCall()).finish('b', usage(1, 2), end());
    await one.idle();
    await one.generations.send(caller, conversationId, question('q', { model: 'o3' }));
    (await one.model.nextCall()).finish('c', usage(7, 7), end());
    await one.idle();
    expect(await used(caller.userId)).toEqual([
      { day: '2026-03-01', model: 'gpt-4o', input: 11, output: 7, requests: 2 },
      { day: '2026-03-01', model: 'o3', input: 7, output: 7, requests: 1 },
    ]);
  });

  it('counts a stopped answer by its length, so that stopping before the end does not make it free', async () => {
    const { caller, generation, call } = await asking();
    call.say('12345678');
    await until(() =>
      one.emitted.some(({ payload }) => payload.generationId === generation.id && payload.seq === 1),
    );
    await one.generations.stop(caller, generation.id);
    await one.idle();
    const [row] = (await used(caller.userId)) as { input: number; output: number }[];
    expect(row!.output).toBe(2);
    expect(row!.input).toBeGreaterThan(10);
    expect((await one.messages.require(caller.userId, generation.messageId)).inputTokens).toBeNull();
  });

  it('F24: stores a huge answer of any characters', async () => {
    const { caller, generation, call } = await asking();
    const words = Array.from({ length: 60_000 }, (_, index) => `wort${index}🦉`).join(' ');
    call.finish(words, words, end());
    await one.idle();
    const stored = await one.messages.require(caller.userId, generation.messageId);
    expect([stored.status, stored.content.length]).toEqual(['done', words.length * 2]);
  });

  it('keeps on the message that a limit ended the answer', async () => {
    const { caller, conversationId, call } = await asking();
    call.finish('half', end('length'));
    await one.idle();
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 5 });
    expect(items[1]).toMatchObject({ status: 'done', truncated: true });
  });
});
