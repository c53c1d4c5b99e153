import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntryWire, AuditPage, AuditVerification, Problem, SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const logs = '/api/admin/audit-logs';

let stack: Stack;
let database: Client;
let adele: Visitor;
let uma: Visitor;
beforeAll(async () => {
  stack = await startStack({ METRICS_TOKEN: 'a-token-of-no-value' }, { isDirect: true });
  database = new Client({ connectionString: stack.database.url });
  await database.connect();
  [adele, uma] = [await signedIn('adele'), await signedIn('uma')];
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});

async function signedIn(person: string): Promise<Visitor> {
  const visitor = stack.visitor();
  await visitor.signIn(stack.azure, person);
  return visitor;
}
const idOf = async (visitor: Visitor) => (await visitor.get<SessionAnswer['user']>('/api/auth/me')).body.id;
const page = async (query = '') => (await adele.get<AuditPage>(`${logs}${query}`)).body;
const newest = async (query = '') => (await page(`${query || '?'}&limit=1`)).items[0];
const codeOf = ({ status, body }: { status: number; body: unknown }) => `${status} ${(body as Problem).code}`;

describe('the audit log over HTTP', () => {
  it('is listed newest first, without gaps, with what was done a moment ago', async () => {
    await signedIn('viktor');
    const { items, total, totalIsLowerBound, nextCursor } = await page();
    expect(items[0]).toMatchObject({
      action: 'sign_in.succeeded',
      actor: { email: 'viktor.holm@contoso.com', displayName: 'Viktor Holm' },
      outcome: 'success',
      details: { method: 'authorization_code' },
    });
    expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => total - index));
    expect({ totalIsLowerBound, nextCursor }).toEqual({ totalIsLowerBound: false, nextCursor: null });
  });

  it('is filtered and paged', async () => {
    const filter = `?action=sign_in.succeeded&actor=viktor&outcome=success&search=holm&from=2020-01-01T00:00:00Z`;
    expect((await page(filter)).items).toHaveLength(1);
    expect((await page(`${filter}&to=2020-01-02T00:00:00Z`)).items).toEqual([]);
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.nextCursor}`);
    expect(second.items[0]?.sequence).toBe((first.items[1]?.sequence ?? 0) - 1);
  });

  it.each(['?outcome=perhaps', '?from=yesterday', '?cursor=x', '?limit=0', `?search=${'a'.repeat(201)}`])(
    'API-01: refuses %s',
    async (query) => {
      expect(codeOf(await adele.get(`${logs}${query}`))).toBe('400 validation_failed');
    },
  );

  it('of a person is what they did and what is about them, and reading it leaves an entry', async () => {
    const id = await idOf(uma);
    await adele.patch(`/api/admin/users/${id}`, { department: 'Audited' });
    const { status, body } = await adele.get<AuditPage>(`/api/admin/users/${id}/audit-logs`);
    expect(status).toBe(200);
    expect(body.items.map(({ action }) => action)).toEqual([
      'user.updated',
      'sign_in.succeeded',
      'user.created',
    ]);
    expect(await newest()).toMatchObject({
      action: 'user.viewed',
      actor: { email: 'adele.vance@contoso.com' },
      resourceId: id,
      details: { what: 'audit_logs' },
    });
    await adele.get(`/api/admin/users/${id}`);
    expect(await newest()).toMatchObject({ action: 'user.viewed', details: { what: 'details' } });
    await adele.get(`/api/admin/users/${id}/sessions`);
    expect(await newest()).toMatchObject({ action: 'user.viewed', details: { what: 'sessions' } });
    const own = (await newest())?.sequence;
    await adele.get(`/api/admin/users/${await idOf(adele)}`);
    expect((await newest())?.sequence).toBe(own);
  });

  it('of somebody who is gone is still there; of somebody who never was, not', async () => {
    const ulrich = await signedIn('ulrich');
    const id = await idOf(ulrich);
    await adele.delete(`/api/admin/users/${id}`);
    const { body } = await adele.get<AuditPage>(`/api/admin/users/${id}/audit-logs`);
    expect(body.items.map(({ action }) => action)).toContain('user.deleted');
    const nobody = '00000000-0000-4000-8000-00000000dead';
    expect(codeOf(await adele.get(`/api/admin/users/${nobody}/audit-logs`))).toBe('404 not_found');
    const none = await adele.get<AuditPage>(`/api/admin/users/${await idOf(uma)}/audit-logs?action=none`);
    expect([none.status, none.body.items]).toEqual([200, []]);
  });

  it('is exported as CSV and as JSON Lines, which is recorded', async () => {
    const csv = await adele.get<string>(`${logs}/export?format=csv&action=user.created`);
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-log-to-\d+\.csv"$/);
    expect(csv.headers.get('cache-control')).toBe('no-store');
    expect(
      csv.body
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .every((line) => line.includes('"user.created"')),
    ).toBe(true);
    const jsonl = await adele.get<string>(`${logs}/export?format=jsonl`);
    const lines = (typeof jsonl.body === 'string' ? jsonl.body : '').trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as AuditEntryWire & { hash: string });
    expect(entries.at(-1)).toMatchObject({
      sequence: entries.length,
      action: 'audit.exported',
      actor: { email: 'adele.vance@contoso.com' },
      hash: expect.stringMatching(/^[\da-f]{64}$/) as string,
    });
    expect(codeOf(await adele.get(`${logs}/export?format=xml`))).toBe('400 validation_failed');
  });

  it('is not exported on an old sign-in', async () => {
    await database.query(`UPDATE sessions SET authenticated_at = now() - interval '20 minutes'`);
    expect(codeOf(await (await signedInAgain()).get(`${logs}/export?format=csv`))).toBe(
      '403 step_up_required',
    );
    await database.query('UPDATE sessions SET authenticated_at = now()');
  });
  /** A session that no process has in its cache. */
  async function signedInAgain(): Promise<Visitor> {
    const visitor = await signedIn('adele');
    await database.query(`UPDATE sessions SET authenticated_at = now() - interval '20 minutes'`);
    await stack.restartApi();
    return visitor;
  }

  it('CFG-01: says with which settings a process began, and no secret', async () => {
    const entry = await newest('?action=configuration.loaded');
    expect(entry?.details).toMatchObject({
      settings: {
        AUTH_METHODS: 'authorization_code,device_code',
        DATABASE_URL: 'set',
        ENCRYPTION_KEYS: 'set',
      },
    });
    expect(JSON.stringify(entry)).not.toMatch(/postgres:|3q2\+|a-token-of/);
  });
});

describe('LOG-01: who is refused', () => {
  const refusals = async (query: string) => (await page(`?action=access.denied&${query}`)).items;

  it.each(['', '/export?format=csv', '/verify'])('may not read the log: %s', async (path) => {
    const answer = path === '/verify' ? await uma.post(logs + path) : await uma.get(logs + path);
    expect(codeOf(answer)).toBe('403 forbidden');
    expect((await refusals('actor=uma'))[0]).toMatchObject({
      outcome: 'failure',
      details: { code: 'forbidden', call: expect.stringContaining('/api/admin/audit-logs') as string },
    });
  });

  it('is one entry however often they try', async () => {
    const before = (await refusals('actor=uma')).length;
    for (let attempt = 0; attempt < 10; attempt += 1) await uma.get('/api/admin/users');
    expect(await refusals('actor=uma')).toHaveLength(before + 1);
  });

  it('F31: is told as a sum when the process ends', async () => {
    await stack.restartApi();
    expect((await refusals('actor=uma')).find(({ details }) => details.count === 9)).toMatchObject({
      details: { code: 'forbidden', call: 'GET /api/admin/users' },
    });
  });

  it('leaves an entry with the address where nobody is known: a foreign page', async () => {
    await stack.visitor().post('/api/auth/device', {}, { origin: 'https://evil.example.test' });
    expect((await refusals('search=csrf_failed'))[0]).toMatchObject({
      actor: { id: null },
      ipAddress: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
      details: { code: 'csrf_failed', call: 'POST /api/auth/device' },
    });
  });

  it('leaves an entry when they ask too often', async () => {
    const answers = await Promise.all(
      Array.from({ length: 61 }, () => stack.visitor().post('/api/auth/device', { method: 'nothing' })),
    );
    expect(answers.map(({ status }) => status)).toContain(429);
    expect((await refusals('search=rate_limited'))[0]).toMatchObject({
      details: { code: 'rate_limited', call: 'POST /api/auth/device' },
    });
  });

  it('AUZ-11: leaves an entry about the last administrator', async () => {
    const id = await idOf(adele);
    await database.query(
      `UPDATE users SET roles_from_entra = '{}', granted_roles = CASE WHEN id = $1 THEN '{admin}'::text[] ELSE '{}' END`,
      [id],
    );
    await stack.restartApi();
    expect(codeOf(await adele.patch(`/api/admin/users/${id}`, { isAdmin: false }))).toBe('409 last_admin');
    expect((await refusals('search=last_admin'))[0]).toMatchObject({
      resourceType: 'user',
      resourceId: id,
      details: { code: 'last_admin', call: 'PATCH /api/admin/users/:id' },
    });
  });
});

describe('LOG-03: the chain', () => {
  const verify = async () => (await adele.post<AuditVerification>(`${logs}/verify`)).body;
  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/apps/api/commands/audit-verify.js', ...args], {
      env: { DATABASE_URL: stack.database.url },
    }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
    );
  const readMetrics = async () =>
    (await stack.visitor().get<string>('/metrics', { authorization: 'Bearer a-token-of-no-value' })).body;
  const head = async () => /entrada_audit_head_sequence\{hash="([\da-f]+)"\} (\d+)/.exec(await readMetrics());

  it('verifies, and that it was verified is in it', async () => {
    const { total } = await page('?limit=1');
    expect(await verify()).toEqual({ valid: true, checked: total, firstBrokenSequence: null });
    expect(await newest()).toMatchObject({
      action: 'audit.verified',
      outcome: 'success',
      details: { checked: total },
    });
    expect(await readMetrics()).toMatch(/^entrada_audit_chain_valid 1$/m);
    expect(await readMetrics()).toMatch(/^entrada_audit_unsealed_entries 0$/m);
  });

  it('is verified from the shell, against a head that was kept', async () => {
    const [, hash, sequence] = (await head()) ?? [];
    expect(await command('--head', `${sequence}:${hash}`)).toEqual({
      code: 0,
      text: expect.stringMatching(/^The audit log is intact: \d+ entries checked\.\n$/) as string,
    });
    expect(await command('--head', `${sequence}:${'ab'.repeat(32)}`)).toMatchObject({
      code: 1,
      text: expect.stringContaining(`is number ${sequence};`) as string,
    });
    expect(await command('--head', 'x')).toMatchObject({
      code: 1,
      text: expect.stringContaining('Write:') as string,
    });
    expect(await newest()).toMatchObject({
      action: 'audit.verified',
      outcome: 'failure',
      actor: { id: null },
    });
  });

  it('names the first entry that was altered, over HTTP and from the shell', async () => {
    const [entry] = (await page('?action=user.created&actor=uma')).items;
    await database.query(
      `ALTER TABLE audit_entries DISABLE TRIGGER USER;
       UPDATE audit_entries SET actor_email = 'someone@else.test' WHERE id = '${entry?.id}';
       ALTER TABLE audit_entries ENABLE TRIGGER USER`,
    );
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: entry?.sequence });
    expect(await newest()).toMatchObject({ action: 'audit.verified', outcome: 'failure' });
    expect(await command()).toMatchObject({
      code: 1,
      text: expect.stringContaining(`is number ${entry?.sequence};`) as string,
    });
    expect(await readMetrics()).toMatch(/^entrada_audit_chain_valid 0$/m);
  });
});
