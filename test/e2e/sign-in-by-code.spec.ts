import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { type Stack, startStack } from '../support/stack.ts';

describe('sign-in by authorization code', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack();
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  afterEach(() => stack.azure.reset());

  const personRow = async (mail: string) =>
    (await database.query<Record<string, unknown>>('SELECT * FROM users WHERE email = $1', [mail])).rows[0];
  const refusedWith = async (person: string) => {
    const visitor = stack.visitor();
    const end = await visitor.signIn(stack.azure, person);
    expect(visitor.sessionCookie).toBeUndefined();
    return end;
  };

  it('OID-01, OID-20: asks Entra with S256, state and nonce, for what it needs and no more', async () => {
    const [one, other] = [await stack.visitor().beginSignIn(), await stack.visitor().beginSignIn()].map(
      (url) => new URL(url),
    );
    const asked = one!.searchParams;
    expect(asked.get('response_type')).toBe('code');
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('scope')?.split(' ').toSorted()).toEqual([
      'User.Read',
      'offline_access',
      'openid',
      'profile',
    ]);
    expect(asked.get('redirect_uri')).toBe(`${stack.url}/api/auth/callback`);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
      expect(asked.get(name)).not.toBe(other!.searchParams.get(name));
    }
    expect(asked.has('client_secret')).toBe(false);
  });

  it('OID-01: the verifier that goes to the token endpoint hashes to the challenge; the browser never has it', async () => {
    const visitor = stack.visitor();
    const challenge = new URL(await visitor.beginSignIn()).searchParams.get('code_challenge') ?? '';
    const values = [...visitor.cookies.values()];
    expect(values.some((value) => createHash('sha256').update(value).digest('base64url') === challenge)).toBe(
      false,
    );
  });

  it('leaves a session, and the person with what Graph says of them', async () => {
    const visitor = stack.visitor();
    expect(await visitor.signIn(stack.azure, 'uma', '?returnTo=/chat?c=1')).toBe('/chat?c=1');
    expect(await visitor.readSession()).toMatchObject({
      user: { email: 'uma.patel@contoso.com', displayName: 'Uma Patel', roles: ['user'], isAdmin: false },
      session: { method: 'authorization_code' },
      azureToken: { status: 'fresh' },
    });
    expect(await personRow('uma.patel@contoso.com')).toMatchObject({
      tenant_id: stack.env.AZURE_TENANT_ID,
      display_name: 'Uma Patel',
      first_name: 'Uma',
      last_name: 'Patel',
      department: 'Marketing',
      job_title: 'Marketing Manager',
      roles_from_entra: ['user'],
      is_active: true,
    });
  });

  it('brings the person up to date at the next sign-in', async () => {
    await stack.visitor().signIn(stack.azure, 'audrey');
    const before = await personRow('audrey.lang@contoso.com');
    await stack.azure.changePerson('audrey', {
      surname: 'Lang-Meyer',
      department: 'Audit',
      mail: 'audrey.m@contoso.com',
    });
    await stack.visitor().signIn(stack.azure, 'audrey');
    expect(await personRow('audrey.lang@contoso.com')).toBeUndefined();
    expect(await personRow('audrey.m@contoso.com')).toMatchObject({
      id: before?.id,
      last_name: 'Lang-Meyer',
      department: 'Audit',
    });
  });

  it.each([
    ['adele', ['admin'], 'an administrator, who is also in a directory role'],
    ['ulrich', ['user'], 'a user by a group inside a group'],
    ['viktor', ['viewer'], 'a viewer'],
    ['gustav', ['user'], 'a guest'],
    ['grace', ['user'], 'a user in 250 groups, by Graph and not by the address in the token'],
    ['rhea', ['user'], 'a user without the role at Azure OpenAI'],
  ])('%s has %j: %s', async (person, roles) => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, person);
    expect(await visitor.readSession()).toMatchObject({ user: { roles } });
    const askedForGroups = (await stack.azure.calls('graph', { person })).some(({ path }) =>
      /memberOf/i.test(path),
    );
    expect(askedForGroups).toBe(person === 'grace');
  });

  it('gives app roles their rights as well', async () => {
    await stack.azure.changePerson('viktor', { appRoles: ['auditor', 'root'] });
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'viktor');
    expect((await visitor.readSession())?.user.roles).toEqual(['auditor', 'viewer']);
  });

  it('signs in who needs another step, after that step', async () => {
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'stella', { number: '42' });
    expect((await visitor.get(back.pathname + back.search)).headers.get('location')).toBe('/');
    expect(await visitor.readSession()).not.toBeNull();
  });

  it('refuses who has no role, with words for it', async () => {
    expect(await refusedWith('nora')).toBe('/login?error=no_role');
    expect(await personRow('nora.lindqvist@contoso.com')).toBeUndefined();
  });

  it('refuses who is disabled here, whatever Entra says', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'ulrich');
    await database.query(`UPDATE users SET is_active = false WHERE email = 'ulrich.brandt@contoso.com'`);
    expect(await refusedWith('ulrich')).toBe('/login?error=account_disabled');
    await database.query(`UPDATE users SET is_active = true WHERE email = 'ulrich.brandt@contoso.com'`);
  });

  it.each([
    ['the profile', { path: '/me?', status: 503 }],
    ['the profile, by refusing', { path: '/me?', status: 403 }],
    ['the groups', { path: 'transitiveMemberOf', status: 503 }],
    ['the second page of the groups', { path: 'skiptoken', status: 500 }],
  ])('refuses, rather than assuming fewer groups or a default, when Graph fails at %s', async (_, fault) => {
    await stack.azure.set({ faults: { graph: [fault] } });
    // The emulator's pages hold 999 groups; a second one is forced for this person by more groups than that.
    const addGroups =
      fault.path === 'skiptoken' ? Array.from({ length: 1000 }, (__, index) => `group-${index}`) : [];
    await stack.azure.changePerson('grace', { addGroups });
    expect(await refusedWith('grace')).toBe('/login?error=sign_in_unavailable');
  });

  it('reads all pages of groups', async () => {
    const [adminGroup] = (await stack.azure.person('adele')).groups;
    const addGroups = [...Array.from({ length: 1100 }, (_, index) => `group-${index}`), adminGroup!];
    await stack.azure.changePerson('nora', { addGroups });
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'nora');
    expect((await visitor.readSession())?.user.roles).toEqual(['admin']);
  });

  it('OID-10: refuses the profile of another person', async () => {
    await stack.azure.set({ idTokens: [{ set: { oid: '0b1ec700-0000-4000-8000-000000000001' } }] });
    expect(await refusedWith('uma')).toBe('/login?error=sign_in_failed');
  });

  it('OID-19, SES-14: no answer on the way carries a token of Entra’s, nor the session’s outside its cookie', async () => {
    const visitor = stack.visitor();
    const seen: string[] = [];
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'uma');
    for (const path of [
      back.pathname + back.search,
      '/api/auth/session',
      '/api/auth/me',
      '/api/auth/methods',
      '/api/auth/sessions',
    ]) {
      const { body, headers } = await visitor.get(path);
      const others = [...headers].filter(([name]) => name !== 'set-cookie');
      seen.push(JSON.stringify([body, others]));
    }
    expect(seen.join('')).not.toMatch(/eyJ|refresh_token|access_token|code_verifier/);
    expect(seen.join('')).not.toContain(visitor.sessionCookie);
  });

  it('lets in without a token for Azure OpenAI, and says what is missing', async () => {
    await stack.azure.set({
      conditionalAccess: [{ person: 'uma', at: 'token', resource: 'cognitiveservices', context: 'c1' }],
    });
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    expect((await visitor.readSession())?.azureToken.status).toBe('needs_interaction');
  });
});
