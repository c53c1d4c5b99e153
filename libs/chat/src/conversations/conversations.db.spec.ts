import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatProcess, openChat, type OpenChat } from '../../test/chat-database.ts';

describe('Conversations', () => {
  let chat: OpenChat;
  let one: ChatProcess;
  beforeAll(async () => {
    chat = await openChat();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());

  it('creates, shows, renames and deletes one, and tells the person of each', async () => {
    const { userId } = await chat.person();
    const created = await one.conversations.create(userId, {});
    expect(created).toMatchObject({ title: 'New chat', model: 'gpt-4o' });
    chat.clock.advanceSeconds(60);
    const renamed = await one.conversations.update(userId, created.id, { title: 'Mine', model: 'o3' });
    expect(renamed).toMatchObject({
      id: created.id,
      title: 'Mine',
      model: 'o3',
      createdAt: created.createdAt,
    });
    expect(Date.parse(renamed.updatedAt) - Date.parse(created.updatedAt)).toBe(60_000);
    expect(await one.conversations.get(userId, created.id)).toEqual(renamed);
    await one.conversations.delete(userId, created.id);
    await expect(one.conversations.get(userId, created.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(one.emitted.filter((event) => event.userId === userId)).toEqual([
      { userId, name: 'conversation:updated', payload: { conversation: created } },
      { userId, name: 'conversation:updated', payload: { conversation: renamed } },
      { userId, name: 'conversation:deleted', payload: { conversationId: created.id } },
    ]);
  });

  it('refuses an update that says nothing, and a model that is not offered', async () => {
    const { userId } = await chat.person();
    const { id } = await one.conversations.create(userId, {});
    await expect(one.conversations.update(userId, id, {})).rejects.toMatchObject({
      code: 'no_fields_to_update',
    });
    await expect(one.conversations.update(userId, id, { model: 'x' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    await expect(one.conversations.create(userId, { model: 'x' })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('pages through all of them, the newest first, once each, even those of the same moment', async () => {
    const { userId } = await chat.person();
    const other = await chat.person();
    await one.conversations.create(other.userId, {});
    for (let index = 0; index < 7; index += 1) {
      if (index % 3 === 0) chat.clock.advanceSeconds(1);
      await one.conversations.create(userId, { title: `c${index}` });
    }
    const seen = [];
    let cursor: string | null | undefined;
    do {
      const page = await one.conversations.list(userId, { limit: 3, cursor: cursor ?? undefined });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    const times = seen.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual(times.toSorted().toReversed());
    expect((await one.conversations.list(userId, { limit: 7 })).nextCursor).toBeNull();
  });

  it.each([
    'nonsense',
    Buffer.from('["2026-01-01","x"]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('API-01: refuses the cursor %s', async (cursor) => {
    const { userId } = await chat.person();
    await expect(one.conversations.list(userId, { limit: 3, cursor })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('AUZ-02: knows nothing of what belongs to others, and does nothing to it', async () => {
    const owner = await chat.person();
    const stranger = await chat.person();
    const { id, title } = await one.conversations.create(owner.userId, { title: 'Private' });
    const calls = [
      (target: string) => one.conversations.get(stranger.userId, target),
      (target: string) => one.conversations.update(stranger.userId, target, { title: 'Stolen' }),
      (target: string) => one.conversations.delete(stranger.userId, target),
    ];
    for (const call of calls)
      for (const target of [id, randomUUID()])
        await expect(call(target)).rejects.toMatchObject({ code: 'not_found', extras: {} });
    expect(await one.conversations.get(owner.userId, id)).toMatchObject({ title });
  });

  it('refuses to look for an id that is not given, rather than finding the first row', async () => {
    const { userId } = await chat.person();
    await one.conversations.create(userId, {});
    await expect(one.conversations.get(userId, undefined as never)).rejects.toThrow(/undefined/i);
    await expect(one.conversations.delete(userId, undefined as never)).rejects.toThrow(/undefined/i);
    expect((await one.conversations.list(userId, { limit: 5 })).items).toHaveLength(1);
  });

  it('goes with its person', async () => {
    const { userId } = await chat.person();
    const { id } = await one.conversations.create(userId, {});
    await chat.database.rows('DELETE FROM users WHERE id = $1', [userId]);
    await expect(one.conversations.get(userId, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
