import { link, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Person } from '#contracts';
import { newConversation } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const patiently = { timeout: 10_000, interval: 100 };

describe('F31: entries cannot be handed on, or not be written at all', () => {
  let folder: string;
  let path: string;
  let stack: Stack;
  let database: Client;
  let adele: Visitor;
  let uma: Visitor;
  let person: Person;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrada-test-'));
    path = join(folder, 'audit.jsonl');
    stack = await startStack({ AUDIT_STREAM: path }, { isDirect: true });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
    [adele, uma] = await Promise.all([signedIn('adele'), signedIn('uma')]);
    const { body } = await adele.get<Page<Person>>('/api/admin/users?search=uma');
    person = body.items[0]!;
  });
  afterAll(async () => {
    await database?.end();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function signedIn(name: string): Promise<Visitor> {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, name);
    return visitor;
  }
  const edit = (jobTitle: string) => adele.patch(`/api/admin/users/${person.id}`, { jobTitle });
  const said = (msg: string) => stack.api.lines.filter((line) => line.includes(msg)).length;
  const sequences = async (file = path) =>
    (await readFile(file, 'utf8').catch(() => ''))
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { sequence: number }).sequence);
  const newest = async () => {
    const { rows } = await database.query<{ n: number }>('SELECT max(sequence)::int AS n FROM audit_chain');
    return rows[0]!.n;
  };
  const counts = async () =>
    (
      await database.query(`SELECT (SELECT count(*) FROM users) AS people, (SELECT count(*) FROM sessions) AS sessions,
        (SELECT count(*) FROM audit_entries) AS entries`)
    ).rows;
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it('with the disk of the stream full, acts go on, the log says so once, and it catches up in order', async () => {
    await expect.poll(async () => (await sequences()).length, patiently).toBeGreaterThan(2);
    // A device whose disk is always full, in one step, before the next line makes the file anew; and then, as after a
    // rotation, the file is another one.
    await link(path, `${path}.1`);
    await symlink('/dev/full', `${path}.full`);
    await rename(`${path}.full`, path);
    for (const title of ['One', 'Two', 'Three']) expect((await edit(title)).status).toBe(200);
    expect(await signedIn('viktor')).toBeDefined();
    await expect.poll(() => said('the audit stream stands still'), patiently).toBe(1);
    expect(stack.api.lines.some((line) => line.includes('ENOSPC'))).toBe(true);

    await rm(path);
    await expect.poll(() => said('the audit stream goes on'), patiently).toBe(1);
    const last = await newest();
    await expect.poll(async () => (await sequences()).at(-1), patiently).toBeGreaterThanOrEqual(last);
    const all = [...(await sequences(`${path}.1`)), ...(await sequences())];
    expect(all).toEqual(upTo(all.at(-1)!));
    expect(said('the audit stream stands still')).toBe(1);
  });

  it('with its folder gone, the same; what was cut in the middle of a line does not spoil the next', async () => {
    await writeFile(path, '{"type":"audit","sequence":', { flag: 'a' });
    await rename(folder, `${folder}-away`);
    expect((await edit('Four')).status).toBe(200);
    await expect.poll(() => said('the audit stream stands still'), patiently).toBe(2);
    await rename(`${folder}-away`, folder);
    const last = await newest();
    await expect
      .poll(async () => (await readFile(path, 'utf8')).includes(`"sequence":${last},`), patiently)
      .toBe(true);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const broken = lines.filter((line) => !line.endsWith('}'));
    expect(broken).toEqual(['{"type":"audit","sequence":']);
  });

  it('LOG-04: with the table refusing entries nothing happens that needs one, and whoever leaves can leave', async () => {
    await database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
      CREATE TRIGGER refuses BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const before = await counts();
    const { rows } = await database.query('SELECT * FROM users ORDER BY id');

    expect((await edit('Five')).status).toBe(500);
    expect((await adele.patch(`/api/admin/users/${person.id}`, { isActive: false })).status).toBe(500);
    expect((await adele.get(`/api/admin/users/${person.id}`)).status).toBe(500);
    expect((await adele.delete(`/api/admin/users/${person.id}/sessions`)).status).toBe(500);
    expect(await stack.visitor().signIn(stack.azure, 'ulrich')).toMatch(/^\/login\?error=/);
    expect(await counts()).toEqual(before);
    expect((await database.query('SELECT * FROM users ORDER BY id')).rows).toEqual(rows);

    // Nobody’s own conversation needs an entry.
    const conversationId = await newConversation(uma);
    expect((await uma.post('/api/chat/message', { message: 'Hello', conversationId })).status).toBe(200);
    expect((await uma.post('/api/auth/logout')).status).toBe(200);
    expect((await uma.get('/api/auth/session')).status).toBe(401);
    await expect.poll(() => said('an audit entry was lost'), patiently).toBeGreaterThan(0);

    await database.query('DROP TRIGGER refuses ON audit_entries');
    expect((await edit('Six')).status).toBe(200);
    expect(await stack.visitor().signIn(stack.azure, 'ulrich')).toBe('/');
  });
});
