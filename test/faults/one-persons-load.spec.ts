/** Giant input, and one person who asks for far more than anybody needs: refused clearly, bounded, and nobody else's loss. */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message, Page, Problem } from '#contracts';
import { connect, messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Answer, Visitor } from '../support/visitor.ts';

const metricsToken = 'a-token-of-no-value';
const megabyte = 1024 * 1024;

let stack: Stack;
let uma: Visitor;
let gustav: Visitor;
let database: Client;
beforeAll(async () => {
  stack = await startStack({ METRICS_TOKEN: metricsToken }, { isDirect: true });
  [uma, gustav] = [stack.visitor(), stack.visitor()];
  await uma.signIn(stack.azure, 'uma');
  await gustav.signIn(stack.azure, 'gustav');
  database = new Client({ connectionString: stack.database.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});
afterEach(() => {
  if (stack.api.process.exitCode !== null) throw new Error('the process ended');
});

const times = <Item>(count: number, item: (index: number) => Promise<Item>) =>
  Promise.all(Array.from({ length: count }, (_, index) => item(index)));
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const lasting = async (work: () => Promise<Answer<unknown>>) => {
  const begun = performance.now();
  expect((await work()).status).toBe(200);
  return performance.now() - begun;
};
async function residentBytes(): Promise<number> {
  const { body } = await stack.visitor().get<string>('/metrics', { authorization: `Bearer ${metricsToken}` });
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(body)?.[1]);
}

describe('F24: giant input', () => {
  it('is refused in words, again and again, without taking memory', async () => {
    const conversationId = await newConversation(uma);
    const send = (body: string) =>
      uma.post<Problem>(`/api/chat/conversations/${conversationId}/messages`, body);
    const message = (content: unknown) => JSON.stringify({ content, clientMessageId: 'x' });
    const cases: [string, string, number, string][] = [
      ['a message beyond the limit', message('a'.repeat(100_001)), 400, 'validation_failed'],
      ['a body beyond the limit', message('a'.repeat(megabyte)), 413, 'payload_too_large'],
      [
        'a body of a megabyte that is one list',
        `[${'1,'.repeat(megabyte / 2 - 10)}1]`,
        400,
        'validation_failed',
      ],
      [
        'ten thousand list elements',
        message(Array.from({ length: 10_000 }, () => ({}))),
        400,
        'validation_failed',
      ],
      ['a deep list', `{"content":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 400, 'validation_failed'],
      ['a deep object', `${'{"content":'.repeat(80_000)}1${'}'.repeat(80_000)}`, 400, 'validation_failed'],
      [
        'fifty thousand keys',
        `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
        400,
        'validation_failed',
      ],
    ];
    const round = async () => {
      for (const [name, body, status, code] of cases)
        for (const answer of await times(2, () => send(body))) {
          expect([name, answer.status, answer.body.code]).toEqual([name, status, code]);
          expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
        }
    };
    // The heap grows to what one round needs, and stays there.
    for (let count = 0; count < 2; count += 1) await round();
    const before = await residentBytes();
    for (let count = 0; count < 3; count += 1) await round();
    const after = await residentBytes();
    expect(after - before).toBeLessThan(300 * megabyte);
    expect(after).toBeLessThan(800 * megabyte);
    expect(await messagesOf(uma, conversationId)).toEqual([]);
  });

  it('over a live connection: too much is refused or ends that connection, and no other', async () => {
    const [tab, other] = [await Tab.open(uma), await Tab.open(uma)];
    const conversationId = await newConversation(uma);
    expect(await tab.send(conversationId, 'a'.repeat(100_001))).toMatchObject({
      ok: false,
      error: { code: 'validation_failed' },
    });
    void tab.send(conversationId, 'a'.repeat(2 * megabyte)).catch(() => undefined);
    await expect.poll(() => tab.socket.connected).toBe(false);
    expect(await other.ask('conversation:open', { conversationId })).toMatchObject({ ok: true });
    expect(await messagesOf(uma, conversationId)).toEqual([]);
    other.close();
  });

  it('a conversation of ten thousand messages opens, page by page, about as quickly as one of a hundred', async () => {
    const [small, large] = [await newConversation(uma), await newConversation(uma)];
    const fill = async (id: string, count: number) => {
      await database.query('BEGIN; SET LOCAL session_replication_role = replica');
      await database.query(
        `WITH numbered AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, $2::int) AS n)
         INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at)
         SELECT id, $1, lag(id) OVER (ORDER BY n), CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
           n || repeat(' word', 40), 'done', now()
         FROM numbered ORDER BY n`,
        [id, count],
      );
      await database.query('COMMIT');
    };
    await fill(small, 100);
    await fill(large, 10_000);
    await database.query('ANALYZE messages');
    const open = (id: string) => () =>
      uma.get<Page<Message>>(`/api/chat/conversations/${id}/messages?limit=50`);
    const durations: Record<string, number[]> = { [small]: [], [large]: [] };
    const before = await residentBytes();
    for (let round = 0; round < 25; round += 1)
      for (const id of [small, large]) durations[id]?.push(await lasting(open(id)));
    expect(median(durations[large] ?? [])).toBeLessThan(Math.max(3 * median(durations[small] ?? []), 30));
    expect((await residentBytes()) - before).toBeLessThan(80 * megabyte);
    const { items, nextCursor } = (await open(large)()).body;
    expect([items.length, items.at(-1)?.content.split(' ')[0], nextCursor === null]).toEqual([
      50,
      '10000',
      false,
    ]);
    expect((await uma.get(`/api/chat/conversations/${large}/messages?limit=10000`)).status).toBe(400);
  });
});

describe('F27: one noisy person', () => {
  it('gets what is theirs, is told when to come back for more, and others hardly notice', async () => {
    const noisy = stack.visitor();
    await noisy.signIn(stack.azure, 'uma');
    await stack.azure.set({ openai: { deltaMs: 10 } });
    const quietly = () => gustav.get('/api/chat/conversations');
    const measure = async (count: number) => {
      const durations: number[] = [];
      for (let round = 0; round < count; round += 1) durations.push(await lasting(quietly));
      return median(durations);
    };
    const quiet = await measure(20);

    const conversations: string[] = [];
    for (let count = 0; count < 10; count += 1) conversations.push(await newConversation(noisy));
    const answers: Answer<Problem>[] = [];
    const noise = new AbortController();
    const sockets = Array.from({ length: 40 }, () => connect(noisy));
    const sends = times(200, (index) =>
      noisy.post<Problem>(`/api/chat/conversations/${conversations[index % 10]}/messages`, {
        // Longer than all of this takes.
        content: 'count to 99999',
        clientMessageId: crypto.randomUUID(),
      }),
    ).then((all) => answers.push(...all));
    const lists = times(30, async () => {
      for (let count = 0; count < 20 && !noise.signal.aborted; count += 1)
        answers.push(await noisy.get<Problem>('/api/chat/conversations?limit=100'));
    });
    const loud = await measure(20);
    const begun = performance.now();
    const turn = await gustav.post<{ message: Message }>('/api/chat/message', { message: 'count to 3' });
    expect([turn.status, turn.body.message.status]).toEqual([200, 'done']);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await sends;
    noise.abort();
    await lists;

    expect(loud).toBeLessThan(Math.max(25 * quiet, 500));
    const refused = answers.filter(({ status }) => status === 429);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 202, 409, 429]));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    for (const { headers, body } of refused) {
      expect(['rate_limited', 'too_many_answers']).toContain(body.code);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await expect.poll(() => sockets.filter(({ connected }) => connected).length).toBe(20);
    sockets.forEach((socket) => socket.close());
    // Nothing of it is left: who was noisy is served again at once.
    for (const id of conversations) await noisy.delete(`/api/chat/conversations/${id}`);
    await expect
      .poll(
        async () =>
          (await Tab.open(noisy).then(
            (tab) => tab.close(),
            (error: Error) => error,
          )) ?? null,
      )
      .toBeNull();
    expect((await noisy.post('/api/chat/message', { message: 'Hello' })).status).toBe(200);
  });
});
