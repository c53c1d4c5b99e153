import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Person } from '#contracts';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { asAdmin, noPostgres, type PostgresServer, smallDisk, startPostgres } from '../support/postgres.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Answer, Visitor } from '../support/visitor.ts';

const patiently = { timeout: 10_000, interval: 100 };
const unavailable = { status: 503, body: { code: 'service_unavailable' } };

/** What the F4 cases have in common: somebody with a history, and an administrator. */
async function furnish(stack: Stack) {
  const signedIn = async (person: string): Promise<Visitor> => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, person);
    return visitor;
  };
  const [uma, adele] = await Promise.all([signedIn('uma'), signedIn('adele')]);
  const conversationId = await newConversation(uma);
  const answer = await uma.post('/api/chat/message', { message: 'Hello', conversationId });
  expect(answer.status).toBe(200);
  const { body } = await adele.get<Page<Person>>('/api/admin/users?search=uma');
  return { uma, adele, conversationId, person: body.items[0]! };
}
type Furnished = Awaited<ReturnType<typeof furnish>>;

const say = ({ uma, conversationId }: Furnished, content: string): Promise<Answer<unknown>> =>
  uma.post(`/api/chat/conversations/${conversationId}/messages`, {
    content,
    clientMessageId: crypto.randomUUID(),
  });

async function expectReading({ uma, conversationId }: Furnished): Promise<void> {
  expect((await uma.get('/api/auth/session')).status).toBe(200);
  expect((await uma.get('/api/chat/conversations')).status).toBe(200);
  expect((await messagesOf(uma, conversationId)).length).toBeGreaterThanOrEqual(2);
}

describe.skipIf(noPostgres)('F4: Postgres takes nothing new', () => {
  let postgres: PostgresServer;
  beforeAll(async () => void (postgres = await startPostgres()));
  afterAll(() => postgres?.close());

  it('read-only, people read their history, nothing is written, and what cannot be recorded does not happen', async () => {
    // A session slides as soon as a second has passed: each read would write.
    const stack = await startStack(
      { SESSION_IDLE_MINUTES: '1' },
      { isDirect: true, database: await postgres.createDatabase('standby') },
    );
    try {
      const all = await furnish(stack);
      const { uma, adele, person, conversationId } = all;
      const tab = await Tab.open(uma);
      const readOnly = (isOn: boolean) =>
        asAdmin(postgres, `ALTER DATABASE standby SET default_transaction_read_only = ${isOn}`);
      const readiness = async () =>
        (await (await fetch(`${stack.url}/api/health/ready`)).json()) as Record<string, unknown>;
      const reconnect = () =>
        // Until they have ended.
        asAdmin(
          postgres,
          `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = 'standby'`,
        );
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await readOnly(true);
      await reconnect();
      await expect
        .poll(readiness, patiently)
        .toMatchObject({ status: 'ok', details: { database: { degraded: true, readOnly: true } } });

      await expectReading(all);
      const refused = await say(all, 'Are you there?');
      expect(refused).toMatchObject(unavailable);
      expect(refused.headers.get('retry-after')).not.toBeNull();
      expect(await tab.send(conversationId, 'And here?')).toMatchObject({
        ok: false,
        error: unavailable.body,
      });
      // Reading somebody else, and any act of an administrator, need their entry (LOG-04).
      expect(await adele.get(`/api/admin/users/${person.id}`)).toMatchObject(unavailable);
      expect(await adele.patch(`/api/admin/users/${person.id}`, { isActive: false })).toMatchObject(
        unavailable,
      );
      const end = await stack.visitor().beginSignIn();
      expect(end).toMatch(/^\/login\?error=service_unavailable/);
      await expectReading(all);

      await readOnly(false);
      await reconnect();
      await expect.poll(async () => (await say(all, 'Hello again')).status, patiently).toBe(202);
      expect((await uma.get('/api/auth/session')).status).toBe(200);
      expect((await adele.patch(`/api/admin/users/${person.id}`, { isActive: false })).status).toBe(200);
      tab.close();
    } finally {
      await stack.stop();
    }
  });

  it('with the disk full, the same, and it goes on when there is room', async ({ skip }) => {
    const disk = await smallDisk(24);
    if (!disk) return skip('this account may not mount a small disk: a full one is NOT tested');
    await asAdmin(postgres, `CREATE TABLESPACE small LOCATION '${disk.folder}'`);
    const database = await postgres.createDatabase('filled', 'TABLESPACE small');
    // Answers that cannot be stored are still being written.
    const stack = await startStack({ ANSWERS_AT_ONCE: '100' }, { isDirect: true, database });
    try {
      const all = await furnish(stack);
      const rest = join(disk.folder, 'rest');
      await writeFile(rest, Buffer.alloc(64 * 1024 * 1024)).catch((error: NodeJS.ErrnoException) =>
        expect(error.code).toBe('ENOSPC'),
      );
      // What fits into the pages that are there is still taken.
      const long = 'room? '.repeat(1_300) + crypto.randomUUID().repeat(400);
      const fill = async () => {
        const { body } = await all.uma.post<{ id: string }>('/api/chat/conversations', {});
        return say({ ...all, conversationId: body.id ?? all.conversationId }, long);
      };
      let refused = await fill();
      for (let tries = 0; tries < 60 && refused.status !== 503; tries += 1) refused = await fill();
      expect(refused).toMatchObject(unavailable);
      await expectReading(all);
      await expect.poll(() => stack.api.lines.join('\n')).toContain('No space left on device');

      await writeFile(rest, '');
      await expect.poll(async () => (await fill()).status, patiently).toBe(202);
    } finally {
      await stack.stop();
      await postgres.stop('immediate');
      await disk.remove();
    }
  });
});
