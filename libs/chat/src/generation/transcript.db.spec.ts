import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuMs } from '../../../../test/support/cpu-time.ts';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';
import { end } from '../../test/fakes.ts';
import { until } from '../../../../test/support/until.ts';

describe('Transcript', () => {
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
    const { message, generation } = await one.generations.send(caller, id, question('q'));
    return { caller, conversationId: id, message, generation, call: await one.model.nextCall() };
  }

  it('pages from the newest back, each page oldest first', async () => {
    const { caller, conversationId, call } = await asking();
    call.finish('a0', end());
    await one.idle();
    one.model.script = ['again', end()];
    for (let turn = 1; turn < 4; turn += 1) {
      await one.generations.send(caller, conversationId, question(`q${turn}`));
      await one.idle();
    }
    one.model.script = null;
    const pages: string[][] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await one.transcript.page(caller.userId, conversationId, { limit: 3, cursor });
      pages.push(page.items.map(({ content }) => content));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([
      ['again', 'q3', 'again'],
      ['q1', 'again', 'q2'],
      ['q', 'a0'],
    ]);
  });

  it('shows an answer that is being written with its text so far and where to go on', async () => {
    const { caller, conversationId, generation, call } = await asking();
    call.say('so ', 'far');
    await until(
      () => one.emitted.filter(({ payload }) => payload.generationId === generation.id).length === 3,
    );
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 5 });
    expect(items[1]).toMatchObject({
      status: 'streaming',
      content: 'so far',
      generation: { id: generation.id, seq: 2 },
    });
    expect(await one.transcript.open(caller.userId, conversationId)).toMatchObject({
      conversation: { id: conversationId },
      generation: { id: generation.id, messageId: generation.messageId, seq: 2 },
    });
    call.finish(end());
    await one.idle();
    expect((await one.transcript.open(caller.userId, conversationId)).generation).toBeNull();
    const [, stored] = (await one.transcript.page(caller.userId, conversationId, { limit: 5 })).items;
    expect(stored!.generation).toBeUndefined();
  });

  it('F18: shows what was saved when another process writes the answer', async () => {
    const { caller, conversationId, generation, call } = await asking();
    call.say('saved');
    await until(async () => (await one.rows.require(caller.userId, generation.id)).lastSeq === 1);
    const two = chat.startProcess();
    const { items } = await two.transcript.page(caller.userId, conversationId, { limit: 5 });
    expect(items[1]).toMatchObject({ content: 'saved', generation: { id: generation.id, seq: 1 } });
    call.finish(end());
    await one.idle();
  });

  it('AUZ-02: shows nothing of others', async () => {
    const { conversationId, message, call } = await asking();
    const stranger = await chat.person();
    const found = one.messages.require(stranger.userId, message.id);
    await expect(found).rejects.toMatchObject({ code: 'not_found' });
    for (const id of [conversationId, randomUUID()]) {
      const page = one.transcript.page(stranger.userId, id, { limit: 5 });
      await expect(page).rejects.toMatchObject({ code: 'not_found' });
      const opened = one.transcript.open(stranger.userId, id);
      await expect(opened).rejects.toMatchObject({ code: 'not_found' });
    }
    call.finish(end());
    await one.idle();
  });

  it('F24: reads a conversation of ten thousand messages page by page, and asks on without reading it all', async () => {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    await chat.database.transaction(async () => {
      // Checking ten thousand parents one by one, with a plan made for an empty table, would be the whole test.
      await chat.database.rows('SET LOCAL session_replication_role = replica');
      await chat.database.rows(
        `WITH numbered AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, 10000) AS n)
         INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at)
         SELECT id, $1, lag(id) OVER (ORDER BY n), CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
           repeat('word ', 40), 'done', now()
         FROM numbered ORDER BY n`,
        [id],
      );
    });
    await chat.database.rows('ANALYZE messages');
    const spent = await cpuMs(async () => {
      const { items, nextCursor } = await one.transcript.page(caller.userId, id, { limit: 200 });
      expect([items.length, nextCursor === null]).toEqual([200, false]);
      await one.generations.send(caller, id, question('and now?'));
    });
    const call = await one.model.nextCall();
    expect(spent).toBeLessThan(3_000);
    expect(call.request.messages.length).toBeGreaterThan(500);
    expect(call.request.messages.length).toBeLessThanOrEqual(1_001);
    call.finish(end());
    await one.idle();
  });
});
