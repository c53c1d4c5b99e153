import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';
import { end } from '../../test/fakes.ts';
import { until } from '../../../../test/support/until.ts';

Logger.overrideLogger(false);

describe('Recovery', () => {
  let chat: OpenChat;
  /** The process that dies, and the one that comes after it. */
  let dead: ChatProcess;
  let one: ChatProcess;
  beforeAll(async () => {
    chat = await openChat();
    dead = chat.startProcess();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());

  /** An answer whose process is gone after it had saved `text`: as after kill -9, nobody renews its lease. */
  async function orphan(text = 'so far') {
    const caller = await chat.person();
    const { id } = await dead.conversations.create(caller.userId, {});
    const { generation } = await dead.generations.send(caller, id, question('q'));
    const call = (await dead.model.nextCall()).say(text);
    await until(async () => (await dead.rows.require(caller.userId, generation.id)).lastSeq === 1);
    await chat.database.rows(
      `UPDATE generations SET runner_id = gen_random_uuid(), lease_until = now() - interval '1 second' WHERE id = $1`,
      [generation.id],
    );
    return { caller, conversationId: id, generation, call };
  }

  it('F16: turns an answer whose process was killed into an interrupted one, with its text, and tells the person', async () => {
    const { caller, conversationId, generation } = await orphan();
    await one.recovery.look();
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 5 });
    expect(items[1]).toMatchObject({
      status: 'interrupted',
      content: 'so far',
      error: { code: 'generation_interrupted' },
    });
    expect(
      one.emitted.find(({ name, userId }) => name === 'generation:finished' && userId === caller.userId),
    ).toMatchObject({
      payload: { generationId: generation.id, seq: 2, status: 'interrupted', message: { content: 'so far' } },
    });
    const [used] = await chat.database.rows(
      'SELECT output_tokens::int AS tokens, requests FROM usage_days WHERE user_id = $1',
      [caller.userId],
    );
    expect(used).toEqual({ tokens: 2, requests: 1 });
  });

  it('F16: the killed process writes nothing any more, should it still live', async () => {
    const { caller, generation, call } = await orphan();
    await one.recovery.look();
    call.finish(' and more', end());
    await dead.idle();
    expect(await one.messages.require(caller.userId, generation.messageId)).toMatchObject({
      status: 'interrupted',
      content: 'so far',
    });
  });

  it('lets the person go on, and try again, after it', async () => {
    const { caller, conversationId, generation } = await orphan();
    await one.recovery.look();
    one.model.script = ['better', end()];
    const again = await one.generations.regenerate(caller, generation.messageId, {});
    await one.idle();
    one.model.script = null;
    const { items } = await one.transcript.page(caller.userId, conversationId, { limit: 5 });
    expect(items.map(({ id, content, status }) => [id, content, status])).toEqual([
      [items[0]!.id, 'q', 'done'],
      [generation.messageId, 'so far', 'interrupted'],
      [again.generation.messageId, 'better', 'done'],
    ]);
  });

  it('is done once, however many processes look', async () => {
    const { caller } = await orphan();
    const processes = [one, chat.startProcess(), chat.startProcess()];
    await Promise.all(processes.map(({ recovery }) => recovery.look()));
    const told = processes
      .flatMap(({ emitted }) => emitted)
      .filter(({ name, userId }) => name === 'generation:finished' && userId === caller.userId);
    expect(told).toHaveLength(1);
  });

  it('leaves alone what still has its lease, and what this very process is storing', async () => {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    const { generation } = await one.generations.send(caller, id, question('q'));
    const call = await one.model.nextCall();
    await chat.startProcess().recovery.look();
    await chat.database.rows(`UPDATE generations SET lease_until = now() - interval '1 hour' WHERE id = $1`, [
      generation.id,
    ]);
    await one.recovery.look();
    expect((await one.rows.require(caller.userId, generation.id)).status).toBe('streaming');
    call.finish('fine', end());
    await one.idle();
    expect((await one.rows.require(caller.userId, generation.id)).status).toBe('done');
  });

  it('lets nobody write to an answer but the process that holds its lease', async () => {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    const { generation } = await one.generations.send(caller, id, question('q'));
    const call = await one.model.nextCall();
    const other = chat.startProcess();
    const answer = { text: 'x', deltaEnds: [1] };
    expect(await other.rows.saveProgress(generation.id, other.runner.id, answer)).toBe('lost');
    expect(await other.rows.finish(generation.id, { runnerId: other.runner.id }, 'done', answer)).toBe(false);
    expect(await other.rows.finish(generation.id, 'anybody-once-lapsed', 'interrupted', answer)).toBe(false);
    call.finish('mine', end());
    await one.idle();
    expect(await one.messages.require(caller.userId, generation.messageId)).toMatchObject({
      content: 'mine',
      status: 'done',
    });
  });

  it('ends as stopped what a person had stopped', async () => {
    const { caller, generation } = await orphan();
    await one.generations.stop(caller, generation.id);
    await one.recovery.look();
    expect((await one.rows.require(caller.userId, generation.id)).status).toBe('stopped');
  });

  it('F1: gives the living one round to come back after the database was away', async () => {
    const { caller, generation } = await orphan();
    const status = async () => (await one.rows.require(caller.userId, generation.id)).status;
    const { lapsed } = one.rows;
    one.rows.lapsed = () => Promise.reject(new Error('the database is away'));
    await one.recovery.look();
    one.rows.lapsed = lapsed;
    await one.recovery.look();
    expect(await status()).toBe('streaming');
    await one.recovery.look();
    expect(await status()).toBe('interrupted');
  });

  it('renews the lease while an answer is being written, text or no text', async () => {
    const caller = await chat.person();
    const { id } = await one.conversations.create(caller.userId, {});
    const { generation } = await one.generations.send(caller, id, question('q'));
    const call = await one.model.nextCall();
    const first = (await one.rows.require(caller.userId, generation.id)).leaseUntil!;
    const now = async () => (await one.rows.require(caller.userId, generation.id)).leaseUntil!.getTime();
    await expect.poll(now).toBeGreaterThan(first.getTime());
    call.finish(end());
    await one.idle();
  });
});
