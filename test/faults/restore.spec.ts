import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, newConversation } from '../support/chatter.ts';
import { runCommand } from '../support/command.ts';
import { asAdmin, noPostgres, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type Stack, startApi, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

/** As docs/operations.md writes it. */
const plainly = ['--format=custom', '--no-owner', '--no-privileges'];

describe.skipIf(noPostgres)('F32: a backup is restored into an empty cluster', () => {
  let lost: PostgresServer;
  let fresh: PostgresServer;
  let stack: Stack;
  let uma: Visitor;
  let grace: Visitor;
  let conversationId: string;
  let heads: { atBackup: string; later: string };
  let restoredUrl: string;
  beforeAll(async () => {
    lost = await startPostgres();
    stack = await startStack({}, { isDirect: true, database: await lost.createDatabase() });
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    grace = stack.visitor();
    await grace.signIn(stack.azure, 'grace');
    conversationId = await newConversation(uma);
    await uma.post('/api/chat/message', { message: 'Keep this', conversationId });
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([lost?.close(), fresh?.close()]);
  });

  const restored = () => ({ ...stack.database, url: restoredUrl });
  const dump = () => join(lost.folder, 'entrada.dump');
  const sealed = () => expect.poll(() => unsealed()).toBe(0);
  const unsealed = async () =>
    (await asAdmin<{ n: number }>(lost, 'SELECT count(*)::int AS n FROM audit_unsealed', stack.database))[0]
      ?.n;
  /** As the API tells it, kept outside the database. */
  const head = async () => {
    await sealed();
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    const [, hash, sequence] = /entrada_audit_head_sequence\{hash="(\w+)"\} (\d+)/.exec(metrics) ?? [];
    return `${sequence}:${hash}`;
  };
  const verify = (...args: string[]) => runCommand('audit-verify', { DATABASE_URL: restoredUrl }, args);

  it('of a database in use, by pg_dump and pg_restore', async () => {
    heads = { atBackup: await head(), later: '' };
    await lost.tool('pg_dump', ...plainly, `--dbname=${stack.database.url}`, `--file=${dump()}`);
    // After the backup: uma signs out, and ulrich comes for the first time.
    const after = uma.at(stack.url);
    expect((await after.post('/api/auth/logout')).status).toBe(200);
    await stack.visitor().signIn(stack.azure, 'ulrich');
    heads.later = await head();
    await stack.api.stop('SIGKILL');
    await lost.stop('immediate');

    fresh = await startPostgres();
    const database = await fresh.createDatabase();
    restoredUrl = database.url;
    await fresh.tool('pg_restore', ...plainly, '--exit-on-error', `--dbname=${restoredUrl}`, dump());
    stack.api = await startApi({ ...stack.env, DATABASE_URL: restoredUrl });
    expect((await fetch(`${stack.url}/api/health/ready`)).status).toBe(200);
  });

  it('nobody’s session comes alive again, neither one that had ended since nor one that had not', async () => {
    for (const visitor of [uma, grace]) expect((await visitor.get('/api/auth/session')).status).toBe(401);
    const [ended] = await asAdmin(
      fresh,
      `SELECT details FROM audit_entries WHERE action = 'database.restored'`,
      restored(),
    );
    expect(ended).toMatchObject({ details: { noticed: 'at start', sessions: 2, tokens: 2 } });
    expect(stack.api.lines.some((line) => line.includes('restored from a backup'))).toBe(true);
    const [left] = await asAdmin(fresh, 'SELECT count(*)::int AS tokens FROM token_caches', restored());
    expect(left).toEqual({ tokens: 0 });
  });

  it('people sign in again and find their conversations; the keys open what they have sealed', async () => {
    await uma.signIn(stack.azure, 'uma');
    expect(await messagesOf(uma, conversationId)).toMatchObject([
      { content: 'Keep this' },
      { status: 'done' },
    ]);
    expect((await uma.post('/api/chat/message', { message: 'On we go', conversationId })).status).toBe(200);
  });

  it('the audit log verifies with the head of the backup, and not with one from after it', async () => {
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await verify('--head', heads.atBackup)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/is intact/) as string,
    });
    expect(await verify('--head', heads.later)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/was altered/) as string,
    });
  });

  it('the next start signs nobody out; an operator’s word does', async () => {
    await stack.api.stop();
    stack.api = await startApi({ ...stack.env, DATABASE_URL: restoredUrl });
    expect((await uma.get('/api/auth/session')).status).toBe(200);
    expect(await runCommand('restored', { DATABASE_URL: restoredUrl })).toMatchObject({
      code: 0,
      said: 'Everybody has to sign in again: 1 sessions were ended, the Azure tokens of 1 people removed.\n',
    });
    await expect.poll(async () => (await uma.get('/api/auth/session')).status).toBe(401);
  });
});
