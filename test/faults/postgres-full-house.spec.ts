import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Person } from '#contracts';
import { messagesOf, newConversation } from '../support/chatter.ts';
import { asAdmin, noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const mostConnections = 30;
const poolSize = 2;

describe.skipIf(noPostgres)('F3: no connection is left', () => {
  let postgres: PostgresServer;
  let stack: Stack;
  let uma: Visitor;
  let adele: Visitor;
  beforeAll(async () => {
    postgres = await startPostgres({ max_connections: mostConnections });
    stack = await startStack(
      { DATABASE_POOL_SIZE: String(poolSize), ANSWERS_AT_ONCE: '6' },
      { isDirect: true, database: await postgres.createDatabase() },
    );
    uma = await signedIn('uma');
    adele = await signedIn('adele');
  });
  afterAll(async () => {
    await stack?.stop();
    await postgres?.close();
  });

  async function signedIn(person: string): Promise<Visitor> {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, person);
    return visitor;
  }
  async function timed<Result>(act: () => Promise<Result>): Promise<[Result, number]> {
    const begun = performance.now();
    return [await act(), performance.now() - begun];
  }
  const ready = async () => (await fetch(`${stack.url}/api/health/ready`)).status;
  const list = (visitor: Visitor) => visitor.get('/api/chat/conversations');

  /** A connection of somebody else's, whose errors are theirs. */
  async function open(url: string): Promise<Client | null> {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client,
      () => null,
    );
  }

  it('24 answers are written by two connections, and none is held meanwhile', async () => {
    await stack.azure.set({ openai: { deltaMs: 200 } });
    const people = [uma, ...(await Promise.all(['ulrich', 'gustav', 'adele'].map(signedIn)))];
    const conversations = await Promise.all(
      people.flatMap((visitor) =>
        Array.from({ length: 6 }, async () => ({ visitor, id: await newConversation(visitor) })),
      ),
    );
    const sent = await Promise.all(
      conversations.map(({ visitor, id }) =>
        visitor.post(`/api/chat/conversations/${id}/messages`, {
          content: 'count to 40',
          clientMessageId: crypto.randomUUID(),
        }),
      ),
    );
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 202));
    const statuses = async () =>
      (await Promise.all(conversations.map(({ visitor, id }) => messagesOf(visitor, id)))).map(
        (messages) => messages.at(-1)?.status,
      );
    expect((await statuses()).filter((status) => status === 'streaming').length).toBeGreaterThan(20);
    const [{ status }, ms] = await timed(() => list(uma));
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2_000);
    const [held] = await asAdmin<{ all: number }>(
      postgres,
      `SELECT count(*)::int AS all FROM pg_stat_activity WHERE usename = 'entrada'`,
    );
    expect(held?.all).toBeLessThanOrEqual(poolSize + 3);
    await expect
      .poll(async () => (await statuses()).every((each) => each === 'done'), {
        timeout: 30_000,
        interval: 250,
      })
      .toBe(true);
    await stack.azure.reset();
  });

  it('everybody else is told to come back within seconds, readiness answers, and an administrator can act', async () => {
    // Several, as nobody is served more than a few calls at once.
    const others = await Promise.all(['ulrich', 'gustav'].map(signedIn));
    const { body } = await adele.get<Page<Person>>('/api/admin/users?search=uma');
    const person = body.items[0]!;
    // What all wait for, and all the connections of the server that are left.
    const blocker = (await open(stack.database.url))!;
    await blocker.query('BEGIN; LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE');
    const strangers = await Promise.all(
      Array.from({ length: mostConnections }, () => open(stack.database.url)),
    );
    expect(strangers).toContain(null);

    const blocked = Array.from({ length: poolSize }, () => list(uma));
    const waiting = `SELECT pid FROM pg_locks WHERE relation = 'conversations'::regclass AND NOT granted`;
    await expect.poll(async () => (await blocker.query(waiting)).rowCount).toBe(poolSize);
    const [refused, waitedMs] = await timed(() => Promise.all([...others, ...others, ...others].map(list)));
    for (const { status, headers, body: problem } of refused) {
      expect([status, problem]).toMatchObject([503, { code: 'service_unavailable' }]);
      expect(headers.get('retry-after')).not.toBeNull();
    }
    expect(waitedMs).toBeLessThan(8_000);
    const [readyStatus, readyMs] = await timed(ready);
    expect([readyStatus, readyMs < 1_000]).toEqual([200, true]);
    const [disabled, actMs] = await timed(() =>
      adele.patch(`/api/admin/users/${person.id}`, { isActive: false }),
    );
    expect([disabled.status, actMs < 2_000]).toEqual([200, true]);

    await blocker.query('ROLLBACK');
    await Promise.all([blocker, ...strangers].map((client) => client?.end()));
    await Promise.all(blocked);
    await expect.poll(async () => (await list(adele)).status, { timeout: 10_000 }).toBe(200);
    expect((await list(uma)).status).toBe(401);
  });
});
