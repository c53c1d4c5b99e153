import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { asAdmin, noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { startProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

interface Readiness {
  details: { database: { status: string; degraded?: boolean; answerMs?: number } };
}

/** What looking at the database takes at least when each of its two answers comes two seconds late. */
const lookMs = 4_000;

describe.skipIf(noPostgres)('F2: Postgres is slow', () => {
  let postgres: PostgresServer;
  let proxy: TcpProxy;
  let stack: Stack;
  let uma: Visitor;
  let tab: Tab;
  beforeAll(async () => {
    postgres = await startPostgres();
    proxy = await startProxy({ host: '127.0.0.1', port: postgres.port });
    const database = await postgres.createDatabase();
    stack = await startStack(
      { DATABASE_POOL_SIZE: '4', DATABASE_STATEMENT_SECS: '2' },
      { isDirect: true, database: { ...database, url: through(proxy, database.url) } },
    );
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    tab = await Tab.open(uma);
  });
  afterAll(async () => {
    tab?.close();
    await stack?.stop();
    await proxy?.stop();
    await postgres?.close();
  });
  afterEach(() => {
    proxy.latencyMs = 0;
    proxy.isStalled = false;
  });

  async function timed<Result>(act: () => Promise<Result>): Promise<[Result, number]> {
    const begun = performance.now();
    return [await act(), performance.now() - begun];
  }
  const readiness = async () => {
    const response = await fetch(`${stack.url}/api/health/ready`);
    return { status: response.status, database: ((await response.json()) as Readiness).details.database };
  };
  const live = async () => (await fetch(`${stack.url}/api/health/live`)).status;

  /** Asks again and again until `over`; returns the wait that one in twenty exceeds. */
  async function livenessUntil(over: Promise<unknown>): Promise<number> {
    const state = { isOver: false };
    void over.finally(() => (state.isOver = true));
    const waits: number[] = [];
    while (!state.isOver) {
      const [status, ms] = await timed(live);
      expect(status).toBe(200);
      waits.push(ms);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return waits.toSorted((one, other) => one - other)[Math.floor(waits.length * 0.95)]!;
  }

  it('two seconds late, people get their answers late, readiness says degraded in time, liveness at once', async () => {
    const conversationId = await newConversation(uma);
    proxy.latencyMs = 2_000;
    const reading = uma.get(`/api/chat/conversations/${conversationId}/messages`);
    const probing = timed(readiness);
    expect(await livenessUntil(Promise.all([reading, probing]))).toBeLessThan(1_000);
    expect((await reading).status).toBe(200);
    const [{ status, database }, ms] = await probing;
    expect({ status, database }).toMatchObject({ status: 200, database: { status: 'up', degraded: true } });
    expect(ms).toBeLessThan(lookMs);
    expect(tab.socket.connected).toBe(true);

    proxy.latencyMs = 0;
    await expect.poll(readiness, { timeout: 10_000, interval: 100 }).toEqual({
      status: 200,
      database: { status: 'up' },
    });
  });

  it('silent, a request is a 503 in bounded time, and no answer of one reaches another', async () => {
    const conversationId = await newConversation(uma);
    const address = `/api/chat/conversations/${conversationId}/messages`;
    const send = (content: string) => uma.post(address, { content, clientMessageId: crypto.randomUUID() });
    expect((await send('Hello')).status).toBe(202);
    await expect
      .poll(async () => (await messagesOf(uma, conversationId)).at(-1)?.status, { timeout: 10_000 })
      .toBe('done');

    proxy.isStalled = true;
    const look = readiness();
    const asking = Promise.all([timed(() => send('Are you there?')), timed(() => uma.get(address))]);
    expect(await livenessUntil(asking)).toBeLessThan(1_000);
    for (const [{ status, headers, body }, ms] of await asking) {
      expect([status, body]).toMatchObject([503, { code: 'service_unavailable' }]);
      expect(headers.get('retry-after')).not.toBeNull();
      expect(ms).toBeLessThan(11_000);
    }
    expect(await look).toMatchObject({ status: 200, database: { degraded: true } });
    // Once that look has failed.
    await expect.poll(async () => (await readiness()).status).toBe(503);
    const [{ status, database }, ms] = await timed(readiness);
    expect([status, database.status]).toEqual([503, 'down']);
    expect(ms).toBeLessThan(lookMs);
    expect(tab.socket.connected).toBe(true);

    proxy.isStalled = false;
    await expect.poll(async () => (await readiness()).status, { timeout: 10_000 }).toBe(200);
    expect(await messagesOf(uma, conversationId)).toHaveLength(2);
    expect((await send('And now?')).status).toBe(202);
    const open = await asAdmin(
      postgres,
      `SELECT pid FROM pg_stat_activity WHERE usename = 'entrada' AND state LIKE 'idle in transaction%'
         AND state_change < now() - interval '1 second'`,
    );
    expect(open).toEqual([]);
  });
});
