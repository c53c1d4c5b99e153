import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { asAdmin, noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const within = (timeout: number) => ({ timeout, interval: 50 });
/** What somebody may be told while the database is away. */
const fates = ['done', 'interrupted', 'failed'];

describe.skipIf(noPostgres)('F1: Postgres goes away and comes back', () => {
  let postgres: PostgresServer;
  let stack: Stack;
  let uma: Visitor;
  let tab: Tab;
  let pid: number | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
    stack = await startStack({}, { isDirect: true, database: await postgres.createDatabase() });
    ({ pid } = stack.api.process);
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    tab = await Tab.open(uma);
  });
  afterAll(async () => {
    tab?.close();
    await stack?.stop();
    await postgres?.close();
  });

  const ready = async () => (await fetch(`${stack.url}/api/health/ready`)).status;
  const live = async () => (await fetch(`${stack.url}/api/health/live`)).status;
  const lines = (msg: string) => stack.api.lines.filter((line) => line.includes(msg));
  const unsealed = () =>
    asAdmin<{ n: number }>(postgres, 'SELECT count(*)::int AS n FROM audit_unsealed', stack.database);

  /** Writes on and on while `act` happens; returns what was acknowledged, and each other answer that came. */
  async function writingDuring(act: () => Promise<void>) {
    const conversationId = await newConversation(uma);
    const acknowledged: string[] = [];
    const others: { status: number; retryAfter: string | null; body: unknown }[] = [];
    const state = { isOver: false };
    const acting = act().finally(() => (state.isOver = true));
    while (!state.isOver) {
      const { status, headers, body } = await uma.post<{ message: { id: string } }>(
        `/api/chat/conversations/${conversationId}/messages`,
        { content: 'Hello', clientMessageId: crypto.randomUUID() },
      );
      if (status === 202) acknowledged.push(body.message.id);
      else if (status !== 409) others.push({ status, retryAfter: headers.get('retry-after'), body });
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    await acting;
    return { conversationId, acknowledged, others };
  }

  async function expectNothingLost({
    conversationId,
    acknowledged,
    others,
  }: Awaited<ReturnType<typeof writingDuring>>) {
    for (const { status, retryAfter, body } of others) {
      expect([status, body]).toMatchObject([503, { code: 'service_unavailable' }]);
      expect(Number(retryAfter)).toBeGreaterThan(0);
      expect(body).toMatchObject({
        code: 'service_unavailable',
        detail: expect.stringMatching(/Try again/) as string,
      });
      expect(JSON.stringify(body as Problem)).not.toMatch(/postgres|ECONN|terminat|127\.0\.0\.1/i);
    }
    const { rows } = { rows: await messages(conversationId) };
    expect(acknowledged.filter((id) => !rows.includes(id))).toEqual([]);
  }
  const messages = async (conversationId: string) =>
    (
      await asAdmin<{ id: string }>(
        postgres,
        `SELECT id FROM messages WHERE conversation_id = '${conversationId}'`,
        stack.database,
      )
    ).map(({ id }) => id);

  async function expectWhole(): Promise<void> {
    expect([stack.api.process.pid, stack.api.process.exitCode, await live()]).toEqual([pid, null, 200]);
    expect(tab.socket.connected).toBe(true);
    // The sealer goes on, and a lease that a tick needs is had again.
    await expect.poll(async () => (await unsealed())[0]?.n, within(10_000)).toBe(0);
    const conversationId = await newConversation(uma);
    const sent = await tab.send(conversationId, 'Hello');
    if (!sent.ok) throw new Error(sent.error.code);
    expect(await tab.finished(sent.generation.id)).toMatchObject({ status: 'done' });
  }

  it('with all connections cut at once nobody notices more than a 503, and a running answer ends', async () => {
    await stack.azure.set({ openai: { deltaMs: 20 } });
    const running = await newConversation(uma);
    const sent = await tab.send(running, 'count to 60');
    if (!sent.ok) throw new Error(sent.error.code);
    const outcome = await writingDuring(async () => {
      for (let round = 0; round < 12; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 120));
        await asAdmin(
          postgres,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'entrada'`,
        );
      }
    });
    await stack.azure.reset();
    await expectNothingLost(outcome);
    expect(await tab.finished(sent.generation.id)).toMatchObject({ status: 'done' });
    expect(lines('a database connection broke').length).toBeGreaterThan(0);
    await expectWhole();
  });

  it('after an immediate stop it is ready again within ten seconds of the start, with nothing lost', async () => {
    await stack.azure.set({ openai: { deltaMs: 20 } });
    const running = await newConversation(uma);
    const sent = await tab.send(running, 'count to 60');
    if (!sent.ok) throw new Error(sent.error.code);
    let recoveredAfter = Infinity;
    const outcome = await writingDuring(async () => {
      await postgres.stop('immediate');
      await expect.poll(ready, within(10_000)).toBe(503);
      expect(await live()).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await postgres.start();
      const begun = performance.now();
      await expect.poll(ready, within(10_000)).toBe(200);
      recoveredAfter = performance.now() - begun;
    });
    await stack.azure.reset();
    expect(recoveredAfter).toBeLessThan(10_000);
    expect(outcome.others.length).toBeGreaterThan(0);
    await expectNothingLost(outcome);
    await tab.finished(sent.generation.id);
    expect(fates).toContain((await messagesOf(uma, running)).at(-1)?.status);
    await expectWhole();
    expect(lines('a promise was rejected and nobody listened')).toEqual([]);
  });
});
