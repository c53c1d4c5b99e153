import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../../apps/api/src/database/migrations/index.ts';
import { newConversation } from '../support/chatter.ts';
import { freePort } from '../support/free-port.ts';
import { buildNextVersion, type NextVersion } from '../support/next-version.ts';
import { asAdmin, noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import type { Started } from '../support/process.ts';
import { noRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { type Stack, startApi, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe.skipIf(noPostgres || noRedis)('F28: a migration while the version before it serves', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let stack: Stack;
  let uma: Visitor;
  const begun: { next?: NextVersion; started: Started[] } = { started: [] };
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    stack = await startStack(
      { REDIS_URL: redis.url },
      { isDirect: true, database: await postgres.createDatabase() },
    );
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
  });
  afterEach(async () => {
    await Promise.all(begun.started.splice(0).map((each) => each.stop('SIGKILL')));
    await begun.next?.remove();
  });
  afterAll(async () => {
    await stack?.stop();
    await redis?.stop();
    await postgres?.close();
  });

  const migrating = async (name: string, sql: string) => {
    begun.next = await buildNextVersion({ name, sql });
    return begun.next.folder;
  };
  const next = async (folder: string) => {
    const port = await freePort();
    const started = await startApi({ ...stack.env, PORT: String(port) }, folder);
    begun.started.push(started);
    return { started, url: `http://localhost:${port}` };
  };
  const outcome = (folder: string): Promise<string> =>
    next(folder).then(
      () => 'started',
      (error: Error) => error.message,
    );
  const chats = async (visitor: Visitor) => {
    const conversationId = await newConversation(visitor);
    return (await visitor.post('/api/chat/message', { message: 'Hello', conversationId })).status;
  };
  const applied = async () =>
    (
      await asAdmin<{ name: string }>(postgres, 'SELECT name FROM migrations ORDER BY id', stack.database)
    ).map(({ name }) => name);
  const columns = async (table: string) =>
    (
      await asAdmin<{ name: string }>(
        postgres,
        `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}'`,
        stack.database,
      )
    ).map(({ name }) => name);
  const ready = async (url: string) => (await fetch(`${url}/api/health/ready`)).status;

  it('of two next processes one migrates and the other waits, longer than for a table; then all three serve', async () => {
    const folder = await migrating(
      'Additive1999999999999',
      'ALTER TABLE conversations ADD COLUMN colour text; SELECT pg_sleep(7)',
    );
    const [one, other] = await Promise.all([next(folder), next(folder)]);
    const migrated = [one, other].filter(({ started }) =>
      started.lines.some((line) => line.includes('the schema was brought up to date')),
    );
    expect(migrated).toHaveLength(1);
    expect((await applied()).filter((name) => name === 'Additive1999999999999')).toHaveLength(1);
    expect(await columns('conversations')).toContain('colour');
    for (const url of [stack.url, one.url, other.url]) {
      expect(await ready(url)).toBe(200);
      expect(await chats(uma.at(url))).toBe(200);
    }
    expect(stack.api.process.exitCode).toBeNull();
  });

  it('one that fails changes nothing, its process says so and ends, and the version before it serves on', async () => {
    const before = [await applied(), await columns('users')];
    const folder = await migrating(
      'Failing2000000000000',
      'ALTER TABLE users ADD COLUMN colour text; ALTER TABLE users ADD CONSTRAINT dark CHECK (is_active AND false)',
    );
    const said = await outcome(folder);
    expect(said).toMatch(/ended with 1:/);
    expect(said).toMatch(/The API could not start: .*Failing2000000000000.*"dark".*has changed nothing/);
    expect([await applied(), await columns('users')]).toEqual(before);
    expect(await ready(stack.url)).toBe(200);
    expect(await chats(uma)).toBe(200);
  });

  it('one that would stand in line for a table gives up in seconds, and so nobody stands behind it', async () => {
    const reader = new Client({ connectionString: stack.database.url });
    reader.on('error', () => undefined);
    await reader.connect();
    await reader.query('BEGIN; SELECT count(*) FROM users');
    const folder = await migrating('Waiting2000000000001', 'ALTER TABLE users ADD COLUMN shade text');
    // It ends while the table is still taken.
    expect(await outcome(folder)).toMatch(/ended with 1:[\s\S]*lock timeout/);
    await reader.query('ROLLBACK');
    await reader.end();
    expect(await chats(uma)).toBe(200);
    expect(await applied()).toEqual([...migrations.map((Each) => new Each().name), 'Additive1999999999999']);

    expect(await outcome(folder)).toBe('started');
    expect(await columns('users')).toContain('shade');
  });
});
