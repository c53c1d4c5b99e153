import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';
import { end, type FakeCall, texts, usage } from '../../test/fakes.ts';

describe('Generations', () => {
  let chat: OpenChat;
  let one: ChatProcess;
  beforeAll(async () => {
    chat = await openChat();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());

  const count = async (table: string, conversationId: string) => {
    const [row] = await chat.database.rows<{ n: string }>(
      `SELECT count(*) AS n FROM ${table} WHERE conversation_id = $1`,
      [conversationId],
    );
    return Number(row?.n);
  };

  async function begun() {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    return { caller, conversationId: id };
  }

  /** A conversation with one finished turn. */
  async function answered(...pieces: string[]) {
    const { caller, conversationId } = await begun();
    const { message, generation } = await one.generations.send(caller, conversationId, question('Why?'));
    (await one.model.nextCall()).finish(...texts(...pieces), usage(10, 4), end());
    await one.idle();
    return { caller, conversationId, message, generation };
  }

  it('writes an answer from question to stored message, and tells the person in order', async () => {
    const { caller, conversationId, generation } = await answered('Be', 'cause.');
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 50 });
    expect(items.map(({ role, content, status }) => [role, content, status])).toEqual([
      ['user', 'Why?', 'done'],
      ['assistant', 'Because.', 'done'],
    ]);
    expect(items[1]).toMatchObject({
      parentId: items[0]!.id,
      model: 'gpt-4o',
      usage: { inputTokens: 10, outputTokens: 4, totalTokens: 14 },
    });
    const told = one.emitted.filter(({ userId }) => userId === caller.userId);
    expect(told.map(({ name, payload }) => [name, payload.seq])).toEqual([
      ['conversation:updated', undefined],
      ['conversation:updated', undefined],
      ['generation:started', undefined],
      ['generation:delta', 1],
      ['generation:delta', 2],
      ['conversation:updated', undefined],
      ['generation:finished', 3],
    ]);
    expect(told.at(-1)!.payload).toMatchObject({
      generationId: generation.id,
      status: 'done',
      message: items[1],
    });
  });

  it('AUZ-05: asks for the token of the person who sends, anew for each answer', async () => {
    const first = await answered('a');
    const second = await answered('b');
    await one.generations.send(first.caller, first.conversationId, question('and?'));
    (await one.model.nextCall()).finish('c', end());
    await one.idle();
    const calls = one.model.calls.slice(-3).map(({ token }) => token);
    expect(calls).toEqual([
      `token of ${first.caller.userId}`,
      `token of ${second.caller.userId}`,
      `token of ${first.caller.userId}`,
    ]);
  });

  it('F20: twenty parallel equal sends are one message, one generation, one model call and twenty equal answers', async () => {
    const { caller, conversationId } = await begun();
    const calls = one.model.calls.length;
    const sent = question('once');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => one.generations.send(caller, conversationId, sent)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    (await one.model.nextCall()).finish('yes', end());
    await one.idle();
    expect(await count('messages', conversationId)).toBe(2);
    expect(await count('generations', conversationId)).toBe(1);
    expect(one.model.calls.length - calls).toBe(1);
    expect(await one.generations.send(caller, conversationId, sent)).toEqual(answers[0]);
  });

  it('refuses a second question while an answer is being written, also when both come at once', async () => {
    const { caller, conversationId } = await begun();
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((text) => one.generations.send(caller, conversationId, question(text))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'generation_running' },
    });
    (await one.model.nextCall()).finish('done', end());
    await one.idle();
    expect(await count('messages', conversationId)).toBe(2);
  });

  it('lets the database refuse a second running answer even where the code would not', async () => {
    const { caller, conversationId } = await begun();
    await one.generations.send(caller, conversationId, question('a'));
    const row = await one.rows.running(conversationId);
    const twin = chat.database.rows(
      `INSERT INTO generations (id, message_id, conversation_id, user_id, session_id, runner_id, status, lease_until, created_at)
       SELECT $2, parent_id, conversation_id, $3, 's', $2, 'streaming', now(), now() FROM messages WHERE id = $1`,
      [row!.messageId, randomUUID(), caller.userId],
    );
    await expect(twin).rejects.toThrow(/generations_one_running/);
    (await one.model.nextCall()).finish('done', end());
    await one.idle();
  });

  it('hangs a question after the newest message, at a named answer, or at the beginning', async () => {
    const { caller, conversationId, message } = await answered('first');
    const send = async (parentId?: string | null) => {
      const sent = await one.generations.send(caller, conversationId, question('next', { parentId }));
      (await one.model.nextCall()).finish('answer', end());
      await one.idle();
      return sent.message;
    };
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 50 });
    const firstAnswer = items[1]!.id;
    expect((await send()).parentId).toBe(firstAnswer);
    expect((await send(firstAnswer)).parentId).toBe(firstAnswer);
    expect((await send(null)).parentId).toBe(null);
    await expect(send(message.id)).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(send(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
  });

  it('sends the model the path to the question and nothing beside it', async () => {
    const { caller, conversationId } = await answered('first answer');
    await one.generations.send(caller, conversationId, question('elsewhere', { parentId: null }));
    const call = await one.model.nextCall();
    expect(call.request.messages.map(({ content }) => content).slice(1)).toEqual(['elsewhere']);
    call.finish('x', end());
    await one.idle();
    await one.generations.send(caller, conversationId, question('go on'));
    const next = await one.model.nextCall();
    expect(next.request.messages.map(({ role, content }) => [role, content]).slice(1)).toEqual([
      ['user', 'elsewhere'],
      ['assistant', 'x'],
      ['user', 'go on'],
    ]);
    next.finish(end());
    await one.idle();
  });

  it('regenerates beside the answers that are there, under the same question', async () => {
    const { caller, conversationId, message } = await answered('one');
    const [, first] = (await one.transcript.page(caller.userId, conversationId, { limit: 50 })).items;
    const { generation } = await one.generations.regenerate(caller, first!.id, { model: 'o3' });
    const call = await one.model.nextCall();
    expect(call.request.deployment).toBe('o3');
    expect(call.request.messages.map(({ content }) => content).slice(1)).toEqual(['Why?']);
    call.finish('two', end());
    await one.idle();
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 50 });
    expect(items.map(({ id, parentId, content }) => [id, parentId, content])).toEqual([
      [message.id, null, 'Why?'],
      [first!.id, message.id, 'one'],
      [generation.messageId, message.id, 'two'],
    ]);
  });

  it('remembers the model chosen on sending, and refuses one that is not offered', async () => {
    const { caller, conversationId } = await begun();
    await one.generations.send(caller, conversationId, question('q', { model: 'o3' }));
    (await one.model.nextCall()).finish('a', end());
    await one.idle();
    expect((await one.conversations.get(caller.userId, conversationId)).model).toBe('o3');
    const unknown = one.generations.send(caller, conversationId, question('q', { model: 'gpt-9' }));
    await expect(unknown).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await count('messages', conversationId)).toBe(2);
  });

  it('names a conversation after its first question, once', async () => {
    const { caller, conversationId } = await answered('a');
    expect((await one.conversations.get(caller.userId, conversationId)).title).toBe('Why?');
    await one.generations.send(caller, conversationId, question('Something else'));
    (await one.model.nextCall()).finish('b', end());
    await one.idle();
    expect((await one.conversations.get(caller.userId, conversationId)).title).toBe('Why?');
  });

  it('F21: stop aborts the call to the model, keeps the text so far, and may come again', async () => {
    const { caller, conversationId } = await begun();
    const { generation } = await one.generations.send(caller, conversationId, question('long'));
    const call = (await one.model.nextCall()).say('so ', 'far');
    await expect
      .poll(() => one.emitted.filter(({ payload }) => payload.generationId === generation.id))
      .toHaveLength(3);
    // At once, and not when the row is read again.
    const written = vi.spyOn(one.rows, 'requestStop').mockImplementationOnce(async () => {
      expect(call.wasAborted).toBe(true);
    });
    expect(await one.generations.stop(caller, generation.id)).toMatchObject({
      generation: { id: generation.id },
    });
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
    await one.idle();
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 50 });
    expect(items[1]).toMatchObject({ content: 'so far', status: 'stopped' });
    expect(items[1]!.error).toBeUndefined();
    expect(await one.generations.stop(caller, generation.id)).toMatchObject({
      generation: { status: 'stopped' },
    });
  });

  it('reaches the process that runs the answer with a stop asked of another', async () => {
    const two = chat.startProcess();
    const { caller, conversationId } = await begun();
    const { generation } = await one.generations.send(caller, conversationId, question('long'));
    const call = (await one.model.nextCall()).say('text');
    await two.generations.stop(caller, generation.id);
    await expect.poll(() => call.wasAborted).toBe(true);
    await one.idle();
    expect(await one.rows.require(caller.userId, generation.id)).toMatchObject({ status: 'stopped' });
  });

  it('stops everything of a session, or of a person, and nothing of others', async () => {
    const runs = await Promise.all([begun(), begun(), begun()]);
    const generations: { id: string }[] = [];
    const calls: FakeCall[] = [];
    for (const { caller, conversationId } of runs) {
      generations.push((await one.generations.send(caller, conversationId, question('x'))).generation);
      calls.push(await one.model.nextCall());
    }
    await one.generations.stopAll({ sessionId: runs[0]!.caller.sessionId });
    await one.generations.stopAll({ userId: runs[1]!.caller.userId });
    expect(calls.map(({ wasAborted }) => wasAborted)).toEqual([true, true, false]);
    calls[2]!.finish('fine', end());
    await one.idle();
    const states = runs.map(({ caller }, at) => one.rows.require(caller.userId, generations[at]!.id));
    expect((await Promise.all(states)).map(({ status }) => status)).toEqual(['stopped', 'stopped', 'done']);
  });

  it('aborts the call when the conversation is deleted, and stores nothing any more', async () => {
    const { caller, conversationId } = await begun();
    await one.generations.send(caller, conversationId, question('long'));
    const call = (await one.model.nextCall()).say('text');
    await one.conversations.delete(caller.userId, conversationId);
    expect(call.wasAborted).toBe(true);
    await one.idle();
    expect(await count('messages', conversationId)).toBe(0);
    expect(one.emitted.findLast(({ userId }) => userId === caller.userId)!.name).toBe('conversation:deleted');
  });

  it('refuses a new question once the quota of the day is used, and says when it starts anew', async () => {
    const caller = await chat.person(['viewer']);
    const { id } = await one.conversations.create(caller.userId, {});
    await one.generations.send(caller, id, question('a'));
    (await one.model.nextCall()).finish('b', usage(60, 40), end());
    await one.idle();
    await expect(one.generations.send(caller, id, question('c'))).rejects.toMatchObject({
      code: 'quota_exceeded',
      extras: { retryAfterSeconds: 14 * 3600 },
    });
    await one.generations.send({ ...caller, roles: ['viewer', 'user'] }, id, question('c'));
    (await one.model.nextCall()).finish('d', end());
    await one.idle();
  });

  it('F27: of many sends at once into many conversations, as many begin as one person may have at once', async () => {
    const caller = await chat.person();
    const places = await Promise.all(
      Array.from({ length: 9 }, () => one.conversations.create(caller.userId, {})),
    );
    const sent = await Promise.allSettled(
      places.map(({ id }) => one.generations.send(caller, id, question('x'))),
    );
    const refused = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused).toHaveLength(5);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'too_many_answers', extras: { retryAfterSeconds: 5 } });
    // Of a refused message nothing is left, and another person is not concerned.
    const stored = await Promise.all(places.map(({ id }) => count('messages', id)));
    expect(stored.toSorted()).toEqual([0, 0, 0, 0, 0, 2, 2, 2, 2]);
    const other = await begun();
    await one.generations.send(other.caller, other.conversationId, question('y'));
    for (let call = 0; call < 5; call += 1) (await one.model.nextCall()).finish('a', end());
    await one.idle();
    const again = places[stored.indexOf(0)]!;
    await one.generations.send(caller, again.id, question('now it may'));
    (await one.model.nextCall()).finish('a', end());
    await one.idle();
  });

  it('F3: fifty answers at once hold no connection to the database while they are being written', async () => {
    const runs = [];
    for (let index = 0; index < 50; index += 1) {
      const { caller, conversationId } = await begun();
      await one.generations.send(caller, conversationId, question('x'));
      runs.push({ caller, conversationId, call: (await one.model.nextCall()).say('so far') });
    }
    const { master: pool } = chat.dataSource.driver as unknown as {
      master: { totalCount: number; idleCount: number; waitingCount: number };
    };
    await expect.poll(() => [pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
    for (const { call } of runs) call.finish(' done', end());
    await one.idle();
    for (const { caller, conversationId } of runs) {
      const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 5 });
      expect(items[1]).toMatchObject({ content: 'so far done', status: 'done' });
    }
  });
});
