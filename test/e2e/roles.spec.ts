import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type {
  PersonDetail,
  Problem,
  RoleMappings,
  RolesSeen,
  SessionAnswer,
  SimulatedRoles,
} from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const groups = {
  admin: '9a0b0000-0000-4000-8000-00000000ad01',
  user: '9a0b0000-0000-4000-8000-00000000b503',
};
const nobody = '00000000-0000-4000-8000-00000000dead';

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
beforeEach(async () => {
  await stack.azure.reset();
  await database.query('DELETE FROM users');
});

async function signedIn(person: string): Promise<Visitor> {
  const visitor = stack.visitor();
  await visitor.signIn(stack.azure, person);
  return visitor;
}
const me = async (visitor: Visitor) => (await visitor.get<SessionAnswer['user']>('/api/auth/me')).body;
const idOf = async (visitor: Visitor) => (await me(visitor)).id;
const actions = async () =>
  (
    await database.query<{ action: string; details: Record<string, unknown> }>(
      'SELECT action, details FROM audit_entries ORDER BY sequence',
    )
  ).rows;
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  status < 400 ? status : `${status} ${(body as Problem).code}`;

describe('AUZ-01: the routes of administration', () => {
  /** What each answers to whom: an administrator, an auditor, everybody else who is signed in. */
  const routes: [string, string, object | undefined, string | number, string | number][] = [
    ['GET', '/api/admin/users', undefined, 200, 200],
    ['GET', `/api/admin/users/${nobody}`, undefined, '404 not_found', '404 not_found'],
    ['PATCH', `/api/admin/users/${nobody}`, { department: 'x' }, '404 not_found', '403 forbidden'],
    ['PATCH', `/api/admin/users/${nobody}`, {}, '400 no_fields_to_update', '403 forbidden'],
    ['PATCH', `/api/admin/users/${nobody}`, { isAdmin: true }, '404 not_found', '403 forbidden'],
    ['PATCH', `/api/admin/users/${nobody}`, { roles: [] }, '400 validation_failed', '403 forbidden'],
    ['DELETE', `/api/admin/users/${nobody}`, undefined, '404 not_found', '403 forbidden'],
    ['GET', '/api/admin/users/7', undefined, '400 validation_failed', '400 validation_failed'],
    ['GET', `/api/admin/users/${nobody}/sessions`, undefined, '404 not_found', '403 forbidden'],
    ['DELETE', `/api/admin/users/${nobody}/sessions`, undefined, '404 not_found', '403 forbidden'],
    ['GET', '/api/admin/sessions', undefined, 200, '403 forbidden'],
    ['DELETE', `/api/admin/sessions/${nobody}`, undefined, '404 not_found', '403 forbidden'],
    ['GET', `/api/admin/users/${nobody}/roles`, undefined, '404 not_found', '404 not_found'],
    ['GET', '/api/admin/role-mappings', undefined, 200, 200],
    ['POST', '/api/admin/role-mappings/simulate', { groups: [] }, 200, 200],
  ];
  const answers = async (visitor: Visitor, headers: Record<string, string> = {}) => {
    const all = [];
    for (const [method, path, body] of routes)
      all.push(codeOf(await visitor.send(method, path, body, headers)));
    return all;
  };

  it.each([
    ['adele', 'an administrator', routes.map((route) => route[3])],
    ['audrey', 'an auditor', routes.map((route) => route[4])],
    ['uma', 'a user', routes.map(() => '403 forbidden')],
    ['viktor', 'a viewer', routes.map(() => '403 forbidden')],
  ])('%s, %s, by cookie and (advisory 7) by bearer token', async (person, _, expected) => {
    const visitor = await signedIn(person);
    expect(await answers(visitor)).toEqual(expected);
    const { body } = await visitor.post<{ accessToken: string }>('/api/auth/token');
    const script = stack.visitor();
    expect(await answers(script, { authorization: `Bearer ${body.accessToken}` })).toEqual(expected);
  });

  it('nobody, not even who has signed in at Entra and has no role', async () => {
    const expected = routes.map(() => '401 not_authenticated');
    expect(await answers(stack.visitor())).toEqual(expected);
    const nora = stack.visitor();
    expect(await nora.signIn(stack.azure, 'nora')).toBe('/login?error=no_role');
    expect(await answers(nora)).toEqual(expected);
  });

  it('SES-19: writes without the CSRF token change nothing', async () => {
    const adele = await signedIn('adele');
    const id = await idOf(adele);
    adele.csrfToken = null;
    expect(codeOf(await adele.patch(`/api/admin/users/${id}`, { department: 'x' }))).toBe('403 csrf_failed');
    expect(codeOf(await adele.delete(`/api/admin/users/${id}/sessions`))).toBe('403 csrf_failed');
    expect(await me(adele)).toMatchObject({ id });
  });
});

describe('roles', () => {
  it('say where they come from', async () => {
    await stack.azure.changePerson('uma', { appRoles: ['auditor'] });
    const [adele, uma] = [await signedIn('adele'), await signedIn('uma')];
    const path = `/api/admin/users/${await idOf(uma)}`;
    await adele.patch(path, { isAdmin: true });
    const { body } = await adele.get<PersonDetail>(path);
    expect(body).toMatchObject({
      isAdmin: true,
      roles: [
        { role: 'admin', source: 'granted' },
        { role: 'auditor', source: 'entra' },
        { role: 'user', source: 'entra' },
      ],
    });
  });

  it('of Entra stay, whatever is withdrawn here, and the answer says so', async () => {
    const [adele, audrey] = [await signedIn('adele'), await signedIn('audrey')];
    await adele.patch(`/api/admin/users/${await idOf(audrey)}`, { isAdmin: true });
    const path = `/api/admin/users/${await idOf(adele)}`;
    const { status, body } = await audrey.patch<PersonDetail>(path, { isAdmin: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ isAdmin: true, roles: [{ role: 'admin', source: 'entra' }] });
    expect(await me(adele)).toMatchObject({ isAdmin: true });
  });

  it('AUZ-04: lost at Entra are lost in every session at the next sign-in, also for who is then refused', async () => {
    const [adele, uma] = [await signedIn('adele'), await signedIn('uma')];
    await adele.patch(`/api/admin/users/${await idOf(uma)}`, { department: 'Sales' });
    await stack.azure.changePerson('uma', {
      removeGroups: ['Entrada Users'],
      addGroups: ['Entrada Viewers'],
    });
    await stack.visitor().signIn(stack.azure, 'uma');
    expect(await me(uma)).toMatchObject({ roles: ['viewer'] });
    await stack.azure.changePerson('uma', { removeGroups: ['Entrada Viewers'] });
    expect(await stack.visitor().signIn(stack.azure, 'uma')).toBe('/login?error=no_role');
    expect(codeOf(await uma.get('/api/auth/session'))).toBe('401 session_revoked');
  });

  it('AUZ-08, advisory 9: twenty first sign-ins at once make nobody an administrator but whom Entra names', async () => {
    const people = ['uma', 'ulrich', 'viktor', 'grace', 'gustav', 'rhea', 'audrey'];
    const visitors = Array.from({ length: 20 }, () => stack.visitor());
    await Promise.all(visitors.map((one, index) => one.signIn(stack.azure, people[index % people.length]!)));
    const administrators = `SELECT email FROM users WHERE 'admin' = ANY (roles_from_entra || granted_roles)`;
    expect((await database.query(administrators)).rows).toEqual([]);
    expect((await database.query('SELECT 1 FROM users')).rowCount).toBe(people.length);
    await signedIn('adele');
    expect((await database.query(administrators)).rows).toEqual([{ email: 'adele.vance@contoso.com' }]);
  });
});

describe('AUZ-11: the last active administrator', () => {
  it.each<[string, (adele: Visitor, path: string) => Promise<{ status: number; body: unknown }>]>([
    ['demote', (adele, path) => adele.patch(path, { isAdmin: false })],
    ['disable', (adele, path) => adele.patch(path, { isActive: false })],
    ['delete', (adele, path) => adele.delete(path)],
  ])('cannot %s themselves', async (_, act) => {
    const adele = await signedIn('adele');
    const path = `/api/admin/users/${await idOf(adele)}`;
    await database.query(`UPDATE users SET roles_from_entra = '{}', granted_roles = '{admin}'`);
    expect(codeOf(await act(adele, path))).toBe('409 last_admin');
    expect(await me(adele)).toMatchObject({ isAdmin: true });
  });

  it('stays one when Entra’s groups would end it, and the log says so', async () => {
    await signedIn('adele');
    await stack.azure.changePerson('adele', { removeGroups: ['Entrada Administrators'] });
    const adele = await signedIn('adele');
    const { body } = await adele.get<PersonDetail>(`/api/admin/users/${await idOf(adele)}`);
    expect(body).toMatchObject({ isAdmin: true, roles: [{ role: 'admin', source: 'granted' }] });
    expect((await actions()).filter(({ action }) => action === 'user.last_admin_kept')).toMatchObject([
      { details: { source: 'entra', before: [], after: ['admin'] } },
    ]);
  });

  it('two who demote each other at once: exactly one succeeds', async () => {
    const [adele, audrey] = [await signedIn('adele'), await signedIn('audrey')];
    const [one, other] = [await idOf(adele), await idOf(audrey)];
    await adele.patch(`/api/admin/users/${other}`, { isAdmin: true });
    await database.query(`UPDATE users SET roles_from_entra = '{auditor}', granted_roles = '{admin}'`);
    const answers = await Promise.all([
      adele.patch(`/api/admin/users/${other}`, { isAdmin: false }),
      audrey.patch(`/api/admin/users/${one}`, { isAdmin: false }),
    ]);
    // Who is demoted first may hear it from the guard, or from the rule.
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(['409 last_admin', '403 forbidden']).toContain(codes.find((code) => code !== 200));
    const left = `SELECT 1 FROM users WHERE 'admin' = ANY (granted_roles)`;
    expect((await database.query(left)).rowCount).toBe(1);
  });
});

describe('the simulator', () => {
  it('says which roles, which permissions and which rules', async () => {
    const audrey = await signedIn('audrey');
    const simulate = (body: object) => audrey.post<SimulatedRoles>('/api/admin/role-mappings/simulate', body);
    const asked = { groups: [groups.user.toUpperCase(), nobody], appRoles: ['viewer', 'root'] };
    const { status, body } = await simulate(asked);
    expect(status).toBe(200);
    expect(body).toEqual({
      roles: ['user', 'viewer'],
      permissions: ['chat.read', 'chat.use'],
      because: [
        { rule: 'group', group: groups.user, role: 'user' },
        { rule: 'app_role', appRole: 'viewer', role: 'viewer' },
      ],
    });
    expect((await simulate({ groups: [] })).body).toEqual({ roles: [], permissions: [], because: [] });
  });

  it.each([
    {},
    { groups: ['Entrada Users'] },
    { groups: groups.user },
    { groups: [7] },
    { groups: [], appRoles: 7 },
  ])('API-01: refuses %j', async (body) => {
    const audrey = await signedIn('audrey');
    expect(codeOf(await audrey.post('/api/admin/role-mappings/simulate', body))).toBe(
      '400 validation_failed',
    );
  });

  it('shows what Entra named for somebody, which rules fire for them now, and records the look', async () => {
    const audrey = await signedIn('audrey');
    const id = await idOf(await signedIn('uma'));
    const { body } = await audrey.get<RolesSeen>(`/api/admin/users/${id}/roles`);
    expect(body.seen?.groups).toContain(groups.user);
    expect(body.seen?.outcome).toMatchObject({
      roles: ['user'],
      because: [{ rule: 'group', group: groups.user, role: 'user' }],
    });
    const { rows } = await database.query('SELECT * FROM audit_entries ORDER BY sequence DESC LIMIT 1');
    expect(rows[0]).toMatchObject({ action: 'user.viewed', resource_id: id, details: { what: 'roles' } });
    expect(JSON.stringify(rows[0])).not.toContain(groups.user);
  });

  it('shows the mapping that it applies', async () => {
    const { body } = await (await signedIn('audrey')).get<RoleMappings>('/api/admin/role-mappings');
    expect(body).toMatchObject({
      allowedRoles: ['admin', 'auditor', 'user', 'viewer'],
      defaultRole: null,
    });
    expect(body.mappings).toContainEqual({ group: groups.admin, role: 'admin' });
  });
});

describe('break-glass', () => {
  const breakGlass = (...args: string[]) => breakGlassIn({ DATABASE_URL: stack.database.url }, ...args);
  const breakGlassIn = (env: Record<string, string>, ...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/apps/api/commands/break-glass.js', ...args], { env }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
    );

  it('makes somebody an administrator from the shell, recorded without an actor', async () => {
    const uma = await signedIn('uma');
    expect(await breakGlass('--grant-admin', 'Uma.Patel@contoso.com')).toEqual({
      code: 0,
      text: 'Uma Patel (uma.patel@contoso.com) is an administrator now.\n',
    });
    const { rows } = await database.query('SELECT * FROM audit_entries ORDER BY sequence DESC LIMIT 1');
    expect(rows[0]).toMatchObject({
      action: 'user.role_granted',
      actor_id: null,
      details: { by: 'break-glass', osUser: expect.any(String) as string },
    });
    // Another process: the API sees it as soon as it reads the person again.
    await expect.poll(() => me(uma)).toMatchObject({ isAdmin: true });
  });

  it('refuses with a sentence whom it does not know, and who is several', async () => {
    await signedIn('uma');
    await signedIn('viktor');
    expect(await breakGlass('--grant-admin', 'nobody@contoso.com')).toMatchObject({
      code: 1,
      text: expect.stringContaining('Nobody known here is “nobody@contoso.com”') as string,
    });
    await database.query(`UPDATE users SET email = 'shared@contoso.com'`);
    const refused = await breakGlass('--grant-admin', 'shared@contoso.com');
    expect(refused).toMatchObject({
      code: 1,
      text: expect.stringMatching(/means several people.*Uma Patel/s) as string,
    });
    expect(refused.text).toContain('Viktor Holm');
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM users WHERE display_name = 'Uma Patel'`,
    );
    expect(await breakGlass('--grant-admin', rows[0]!.id)).toMatchObject({ code: 0 });
  });

  it.each([
    [{}, 'DATABASE_URL: is not set'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: write postgres://'],
    [{ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, 'The database cannot be reached'],
  ])('says what is wrong with %j', async (env, sentence) => {
    expect(await breakGlassIn(env as Record<string, string>, '--grant-admin', 'uma')).toMatchObject({
      code: 1,
      text: expect.stringContaining(sentence) as string,
    });
  });

  it.each([[[]], [['--grant-admin']], [['--grant-admin', '']], [['--grant', 'x']]])(
    'says how it is used when called with %j',
    async (args) => {
      expect(await breakGlass(...args)).toMatchObject({
        code: 1,
        text: expect.stringContaining('npm run break-glass -- --grant-admin') as string,
      });
    },
  );
});
