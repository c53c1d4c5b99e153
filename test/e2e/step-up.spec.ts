import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Problem, SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

let stack: Stack;
let database: Client;
let umaPath: string;
/** Where the log was when the test began: nothing can be deleted from it. */
let begin: string;
beforeAll(async () => {
  stack = await startStack();
  database = new Client({ connectionString: stack.database.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});
beforeEach(async () => {
  await stack.azure.reset();
  await database.query('DELETE FROM users');
  const uma = await signedIn('uma');
  const { rows } = await database.query<{ max: string }>('SELECT max(sequence) FROM audit_entries');
  begin = rows[0]!.max;
  umaPath = `/api/admin/users/${(await uma.readSession())!.user.id}`;
});

async function signedIn(person: string, query = ''): Promise<Visitor> {
  const visitor = stack.visitor();
  await visitor.signIn(stack.azure, person, query);
  return visitor;
}
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;
/** Someone whom Entra last asked so many minutes ago, and let in without asking since. */
async function signedInLongAgo(person: string, query = '', minutes = 16): Promise<Visitor> {
  await stack.azure.set({ idTokens: [{ times: 1, set: { auth_time: minutesAgo(minutes) } }] });
  return signedIn(person, query);
}
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  status < 400 ? status : `${status} ${(body as Problem).code}`;
const authenticatedAt = async (visitor: Visitor) =>
  new Date((await visitor.readSession())!.session.authenticatedAt).getTime();
const entriesOf = async (actions: string[]) =>
  (
    await database.query<Record<string, unknown>>(
      'SELECT * FROM audit_entries WHERE action = ANY ($1) AND sequence > $2 ORDER BY sequence',
      [actions, begin],
    )
  ).rows;
const stepUp = '?stepUp=true&returnTo=%2Fadmin%2Fpeople%3Fid%3D7';
const needed = '403 step_up_required';

describe('AUZ-10: the most sensitive acts', () => {
  it('need a sign-in of the last 15 minutes; the others do not', async () => {
    const adele = await signedInLongAgo('adele');
    expect(codeOf(await adele.patch(umaPath, { isAdmin: true }))).toBe(needed);
    expect(codeOf(await adele.patch(umaPath, { isAdmin: true, department: 'Sales' }))).toBe(needed);
    expect(codeOf(await adele.delete(umaPath))).toBe(needed);
    expect((await adele.get(umaPath)).body).toMatchObject({ isAdmin: false, department: 'Marketing' });
    expect(codeOf(await adele.patch(umaPath, { isAdmin: false, department: 'Sales' }))).toBe(200);
    expect(codeOf(await adele.patch(umaPath, { isActive: false }))).toBe(200);
  });

  it('are open to a fresh sign-in', async () => {
    const adele = await signedIn('adele');
    expect(codeOf(await adele.patch(umaPath, { isAdmin: true }))).toBe(200);
    expect(codeOf(await adele.delete(umaPath))).toBe(204);
  });

  it('just under 15 minutes is fresh', async () => {
    const adele = await signedInLongAgo('adele', '', 14);
    expect(codeOf(await adele.patch(umaPath, { isAdmin: true }))).toBe(200);
  });

  it('advisory 7: a bearer token of an old session opens them no more than its cookie', async () => {
    const adele = await signedInLongAgo('adele');
    const { body } = await adele.post<{ accessToken: string }>('/api/auth/token');
    const authorization = `Bearer ${body.accessToken}`;
    expect(codeOf(await stack.visitor().send('DELETE', umaPath, undefined, { authorization }))).toBe(needed);
  });

  it('who may not do them at all is told that, and not to sign in again', async () => {
    const audrey = await signedInLongAgo('audrey');
    expect(codeOf(await audrey.delete(umaPath))).toBe('403 forbidden');
  });
});

describe('stepping up', () => {
  it('asks Entra to ask again, for the same person', async () => {
    const adele = await signedInLongAgo('adele');
    const { searchParams } = new URL(await adele.beginSignIn(stepUp));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '0',
      login_hint: 'adele.vance@contoso.com',
      code_challenge_method: 'S256',
      nonce: expect.any(String) as string,
    });
    const ordinary = new URL(await adele.beginSignIn()).searchParams;
    for (const name of ['prompt', 'max_age', 'login_hint']) expect(ordinary.has(name)).toBe(false);
  });

  it('comes back to where the person was, with a new session in place of the old one', async () => {
    const adele = await signedInLongAgo('adele', '?remember=true');
    const before = (await adele.readSession())!;
    const old = stack.visitor();
    adele.cookies.forEach((value, name) => old.cookies.set(name, value));
    expect(await adele.signIn(stack.azure, 'adele', stepUp)).toBe('/admin/people?id=7');
    expect(await authenticatedAt(adele)).toBeGreaterThan(Date.now() - 60_000);
    const after = (await adele.readSession())!;
    expect(after.session.id).not.toBe(before.session.id);
    expect(after.csrfToken).not.toBe(before.csrfToken);
    expect(after.session.absoluteExpiresAt > before.session.absoluteExpiresAt).toBe(true);
    expect(codeOf(await old.get('/api/auth/session'))).toBe('401 not_authenticated');
    expect(codeOf(await adele.delete(umaPath))).toBe(204);
    expect(await entriesOf(['step_up.succeeded', 'step_up.failed'])).toMatchObject([
      { action: 'step_up.succeeded', actor_email: 'adele.vance@contoso.com', resource_id: after.session.id },
    ]);
  });

  it('as somebody else is refused, and changes nothing for either', async () => {
    const adele = await signedInLongAgo('adele');
    const before = (await adele.readSession())!;
    const { rowCount: sessions } = await database.query('SELECT 1 FROM sessions');
    expect(await adele.signIn(stack.azure, 'uma', stepUp)).toBe('/login?error=sign_in_failed');
    expect((await adele.readSession())!.session).toEqual(before.session);
    expect((await database.query('SELECT 1 FROM sessions')).rowCount).toBe(sessions);
    expect(codeOf(await adele.delete(umaPath))).toBe(needed);
    const entries = await entriesOf(['step_up.failed', 'step_up.succeeded', 'sign_in.failed']);
    expect(entries).toMatchObject([
      {
        action: 'step_up.failed',
        outcome: 'failure',
        resource_type: 'user',
        resource_id: before.user.id,
        actor_email: 'uma.patel@contoso.com',
        details: { code: 'sign_in_failed', email: 'uma.patel@contoso.com' },
      },
    ]);
  });

  it('as somebody who was never here is refused as well', async () => {
    const adele = await signedInLongAgo('adele');
    expect(await adele.signIn(stack.azure, 'viktor', stepUp)).toBe('/login?error=sign_in_failed');
    expect(await adele.readSession()).not.toBeNull();
    const { rows } = await database.query(`SELECT 1 FROM users WHERE display_name = 'Viktor Holm'`);
    expect(rows).toEqual([]);
  });

  it('is refused when Entra says that it did not ask again', async () => {
    const adele = await signedInLongAgo('adele');
    await stack.azure.set({ idTokens: [{ times: 1, set: { auth_time: minutesAgo(10) } }] });
    expect(await adele.signIn(stack.azure, 'adele', stepUp)).toBe('/login?error=sign_in_failed');
    expect(codeOf(await adele.delete(umaPath))).toBe(needed);
    expect(await entriesOf(['step_up.failed'])).toHaveLength(1);
  });

  it('OID-24: counts from its own moment when Entra does not say', async () => {
    const adele = await signedInLongAgo('adele');
    await stack.azure.set({ idTokens: [{ times: 1, remove: ['auth_time'] }] });
    expect(await adele.signIn(stack.azure, 'adele', stepUp)).toBe('/admin/people?id=7');
    expect(codeOf(await adele.delete(umaPath))).toBe(204);
  });

  it.each([
    ['a time to come is now', { set: { auth_time: minutesAgo(-60) } }, 200],
    ['a time that is none lets nobody in', { set: { auth_time: 'now' } }, '401 not_authenticated'],
  ])('OID-24: %s', async (_, change, expected) => {
    await stack.azure.set({ idTokens: [{ times: 1, ...change }] });
    const adele = await signedIn('adele');
    expect(codeOf(await adele.get('/api/auth/session'))).toBe(expected);
    if (expected === 200) expect(await authenticatedAt(adele)).toBeLessThanOrEqual(Date.now());
  });

  it('that the person cancels leaves everything as it was', async () => {
    const adele = await signedInLongAgo('adele');
    const { searchParams } = new URL(await adele.beginSignIn(stepUp));
    const { headers } = await adele.get(
      `/api/auth/callback?error=access_denied&state=${searchParams.get('state')}`,
    );
    expect(headers.get('location')).toBe('/login?error=sign_in_cancelled');
    expect(await adele.readSession()).not.toBeNull();
    expect(await entriesOf(['step_up.failed', 'sign_in.failed'])).toMatchObject([
      { action: 'step_up.failed', details: { code: 'sign_in_cancelled' } },
    ]);
  });

  it('RED-01: returns to a page of ours only', async () => {
    const adele = await signedInLongAgo('adele');
    const away = '?stepUp=true&returnTo=%2F%2Fevil.example';
    expect(await adele.signIn(stack.azure, 'adele', away)).toBe('/');
  });

  it('without a session is an ordinary sign-in, of whoever signs in', async () => {
    const visitor = stack.visitor();
    const { searchParams } = new URL(await visitor.beginSignIn(stepUp));
    expect(searchParams.has('prompt')).toBe(false);
    expect(await visitor.signIn(stack.azure, 'uma', stepUp)).toBe('/admin/people?id=7');
    expect(await visitor.readSession()).not.toBeNull();
  });

  it('of who is disabled meanwhile is refused', async () => {
    const uma = await signedInLongAgo('uma');
    const url = await uma.beginSignIn(stepUp);
    const adele = await signedIn('adele');
    await adele.patch(umaPath, { isActive: false });
    const back = await stack.azure.approveSignIn(url, 'uma');
    const { headers } = await uma.get(back.pathname + back.search);
    expect(headers.get('location')).toBe('/login?error=account_disabled');
    expect(await uma.readSession()).toBeNull();
  });

  it('OID-14: its answer is accepted once', async () => {
    const adele = await signedInLongAgo('adele');
    const back = await stack.azure.approveSignIn(await adele.beginSignIn(stepUp), 'adele');
    await adele.get(back.pathname + back.search);
    const first = (await adele.readSession())!.session;
    const again = await adele.get(back.pathname + back.search);
    expect(again.headers.get('location')).toBe('/admin/people?id=7');
    expect((await adele.readSession())!.session).toEqual(first);
  });

  it('shows in the session how old the proof is', async () => {
    const adele = await signedInLongAgo('adele');
    const { session }: SessionAnswer = (await adele.readSession())!;
    const age = new Date(session.createdAt).getTime() - new Date(session.authenticatedAt).getTime();
    expect(age).toBeGreaterThan(15 * 60_000);
  });
});
