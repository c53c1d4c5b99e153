/** Azure tokens as the person and the operator see them: two API processes on one database, the emulator as Entra. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AzureToken, GraphProfileAnswer, Problem } from '#contracts';
import { Tab } from '../support/chatter.ts';
import type { Started } from '../support/process.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { freePort, type Stack, startApi, startStack } from '../support/stack.ts';
import { Visitor } from '../support/visitor.ts';

const soon = { timeout: 20_000, interval: 100 };
const members = '9a0b0000-0000-4000-8000-00000000b503';

let stack: Stack;
let redis: RedisServer;
let database: Client;
/** Another process of the same deployment, whose scheduler looks every second; the first one's hardly ever. */
let second: { url: string; api: Started };
beforeAll(async () => {
  redis = await startRedis();
  const env = { REDIS_URL: redis.url, TOKEN_REFRESH_CHECK_INTERVAL_SECS: '3600' };
  stack = await startStack(env, { isDirect: true });
  database = new Client({ connectionString: stack.database.url });
  await database.connect();
  const port = String(await freePort());
  const eager = { ...stack.env, PORT: port, TOKEN_REFRESH_CHECK_INTERVAL_SECS: '1' };
  second = { url: `http://localhost:${port}`, api: await startApi(eager) };
});
afterAll(async () => {
  await database.end();
  await second.api.stop();
  await stack.stop();
  await redis.stop();
});
beforeEach(async () => {
  await stack.azure.reset();
  await database.query('DELETE FROM users');
});

async function signedIn(person: string): Promise<Visitor> {
  const visitor = stack.visitor();
  await visitor.signIn(stack.azure, person);
  return visitor;
}
const refreshesOf = (person: string) => stack.azure.calls('token', { person, grant: 'refresh_token' });
const actions = async () =>
  (await database.query<{ action: string }>('SELECT action FROM audit_entries ORDER BY sequence')).rows.map(
    ({ action }) => action,
  );
const shortTokens = (accessSeconds: number) => stack.azure.set({ tokens: { accessSeconds } });
const statusOf = async (visitor: Visitor) => (await visitor.readSession())?.azureToken.status;

describe('on demand', () => {
  it('shows the Graph profile, and whether its token was at hand', async () => {
    const uma = await signedIn('uma');
    const { body, status, headers } = await uma.get<GraphProfileAnswer>('/api/graph/me');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      tokenSource: 'cache',
      profile: { displayName: 'Uma Patel', mail: 'uma.patel@contoso.com' },
    });
    await stack.azure.set({ faults: { graph: [{ path: '/me', status: 401 }] } });
    expect((await uma.get<GraphProfileAnswer>('/api/graph/me')).body.tokenSource).toBe('refreshed');
    expect((await stack.visitor().get('/api/graph/me')).status).toBe(401);
  });

  it('F10: fifty requests to two processes with a token that is over make one call to Entra', async () => {
    await shortTokens(1);
    const uma = await signedIn('uma');
    const left = async () => {
      // The scheduler of the second process is kept out of it, also where it was quicker.
      await database.query('UPDATE token_caches SET refresh_due_at = NULL');
      return statusOf(uma);
    };
    await expect.poll(left, soon).toBe('expired');
    await stack.azure.set({ tokens: { accessSeconds: 3600 }, latency: { token: 300 } });
    const elsewhere = uma.at(second.url);
    const before = (await refreshesOf('uma')).length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 ? uma : elsewhere).get<GraphProfileAnswer>('/api/graph/me'),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await refreshesOf('uma')).length - before).toBe(1);
    expect(await uma.readSession()).not.toBeNull();
  });

  it('F6, F9: while Entra is away, what still works goes on working', async () => {
    const uma = await signedIn('uma');
    await stack.azure.set({ down: ['token'] });
    expect((await uma.post<Problem>('/api/auth/refresh')).body.code).toBe('sign_in_unavailable');
    expect((await uma.get<GraphProfileAnswer>('/api/graph/me')).body.tokenSource).toBe('cache');
    expect(await statusOf(uma)).toBe('fresh');
    const turn = await uma.post<{ message: { status: string } }>('/api/chat/message', { message: 'Hi' });
    expect(turn.body.message.status).toBe('done');
  });

  it('F8: a grant that Entra has revoked is the person’s to renew, once, with a new proof', async () => {
    const uma = await signedIn('uma');
    const { session } = (await uma.readSession())!;
    await stack.azure.revokeGrants('uma');
    expect((await uma.post<Problem>('/api/auth/refresh')).body.code).toBe('reauthentication_required');
    expect(await statusOf(uma)).toBe('needs_interaction');
    expect((await uma.readSession())?.session.id).toBe(session.id);
    const { searchParams } = new URL(await uma.beginSignIn('?confirm=true&returnTo=/chat'));
    expect(searchParams.get('prompt')).toBe('login');
    expect(await uma.signIn(stack.azure, 'uma', '?confirm=true&returnTo=/chat')).toBe('/chat');
    expect(await statusOf(uma)).toBe('fresh');
  });

  it('OID-22: a refresh that answers for another issuer is discarded, and the person signed out with the reason', async () => {
    const uma = await signedIn('uma');
    const elsewhere = await signedIn('uma');
    const issuer = `https://login.example/${randomUUID()}/v2.0`;
    await stack.azure.set({ idTokens: [{ grant: 'refresh_token', set: { iss: issuer } }] });
    expect((await uma.post('/api/auth/refresh')).status).toBe(401);
    for (const visitor of [uma, elsewhere])
      expect((await visitor.get<Problem>('/api/auth/session')).body.code).toBe('identity_mismatch');
    expect((await database.query('SELECT 1 FROM token_caches')).rows).toEqual([]);
    expect((await actions()).slice(-4)).toEqual([
      'azure_token.refresh_failed',
      'session.ended',
      'session.ended',
      'azure_token.wiped',
    ]);
  });

  it('an answer whose ID token is not Entra’s is not used, and costs nobody their session', async () => {
    const uma = await signedIn('uma');
    await stack.azure.set({ idTokens: [{ grant: 'refresh_token', sign: 'wrong-key' }] });
    expect((await uma.post<Problem>('/api/auth/refresh')).body.code).toBe('sign_in_unavailable');
    expect(await statusOf(uma)).toBe('fresh');
    expect((await uma.get<GraphProfileAnswer>('/api/graph/me')).body.tokenSource).toBe('cache');
  });

  it('TOK-05: the last sign-out wipes, and says so in the log', async () => {
    const uma = await signedIn('uma');
    const elsewhere = await signedIn('uma');
    await elsewhere.post('/api/auth/logout');
    expect((await database.query('SELECT 1 FROM token_caches')).rows).toHaveLength(1);
    await uma.post('/api/auth/logout');
    expect((await database.query('SELECT 1 FROM token_caches')).rows).toEqual([]);
    expect((await actions()).slice(-2)).toEqual(['signed_out', 'azure_token.wiped']);
  });
});

describe('F11: a process that dies after Entra answered and before it has saved', () => {
  /** The row as it would be, had the process died: what Entra has given since is lost. */
  async function losingTheAnswer(visitor: Visitor): Promise<void> {
    const { rows } = await database.query<{ sealed: Buffer }>('SELECT sealed FROM token_caches');
    expect((await visitor.post('/api/auth/refresh')).status).toBe(200);
    await database.query('UPDATE token_caches SET sealed = $1', [rows[0]!.sealed]);
  }

  it('loses nothing at Entra, which goes on taking the refresh token of before', async () => {
    const uma = await signedIn('uma');
    await losingTheAnswer(uma);
    expect((await uma.post('/api/auth/refresh')).status).toBe(200);
  });

  it('where a refresh token counts once, the person signs in again and keeps their session', async () => {
    await stack.azure.set({ tokens: { refreshTokensOnce: true } });
    const uma = await signedIn('uma');
    await losingTheAnswer(uma);
    expect((await uma.post<Problem>('/api/auth/refresh')).body.code).toBe('reauthentication_required');
    expect(await statusOf(uma)).toBe('needs_interaction');
    await uma.signIn(stack.azure, 'uma', '?confirm=true');
    expect((await uma.post('/api/auth/refresh')).status).toBe(200);
    expect((await uma.post('/api/auth/refresh')).status).toBe(200);
  });
});

describe('in the background', () => {
  it('keeps tokens fresh with no request, in the other process, and tells open pages there', async () => {
    await shortTokens(30);
    const uma = await signedIn('uma');
    await stack.azure.reset();
    const tab = await Tab.open(uma.at(second.url));
    const changed = () =>
      tab.events
        .filter(({ name }) => name === 'azure-token:changed')
        .map(({ data }) => (data.azureToken as AzureToken).status);
    expect(await statusOf(uma)).toBe('expiring');
    await database.query('UPDATE token_caches SET refresh_due_at = now()');
    await expect.poll(changed, soon).toContain('fresh');
    tab.socket.close();
    expect(await actions()).toContain('azure_token.refreshed');
  });

  it('AUZ-04: takes over fewer rights with the next refresh', async () => {
    const adele = await signedIn('adele');
    expect((await adele.readSession())?.user.roles).toContain('admin');
    await signedIn('audrey');
    await database.query(`UPDATE users SET granted_roles = '{admin}' WHERE display_name LIKE 'Audrey%'`);
    await stack.azure.changePerson('adele', {
      addGroups: [members],
      removeGroups: ['Entrada Administrators'],
    });
    await database.query('UPDATE token_caches SET refresh_due_at = now()');
    await expect.poll(async () => (await adele.readSession())?.user.roles, soon).toEqual(['user']);
    expect((await adele.get('/api/admin/users')).status).toBe(403);
  });

  it('shows its work to operators', async () => {
    await signedIn('uma');
    await database.query('UPDATE token_caches SET refresh_due_at = now()');
    const metrics = async () => (await fetch(`${second.url}/metrics`)).text();
    await expect
      .poll(metrics, soon)
      .toMatch(/entrada_token_refreshes_total\{outcome="refreshed",trigger="schedule"\} \d/);
    const text = await metrics();
    for (const name of ['token_refresh_due', 'token_expiry_seconds', 'token_refresh_tick_age_seconds'])
      expect(text).toMatch(new RegExp(`^entrada_${name} [\\d.]+$`, 'm'));
  });

  it('tells operators once of what only they can mend, and users nothing', async () => {
    const people = [await signedIn('uma'), await signedIn('gustav'), await signedIn('ulrich')];
    await stack.azure.set({
      faults: { token: [{ grant: 'refresh_token', error: 'invalid_client', status: 401, times: null }] },
    });
    await database.query('UPDATE token_caches SET refresh_due_at = now()');
    const failed = async () =>
      (await database.query(`SELECT 1 FROM token_caches WHERE failure_class = 'operator'`)).rowCount;
    await expect.poll(failed, soon).toBe(3);
    const said = () =>
      second.api.lines.filter((line) => line.includes('app registration or the configuration'));
    await expect.poll(said).toHaveLength(1);
    for (const person of people) expect(await statusOf(person)).toBe('fresh');
  });
});
