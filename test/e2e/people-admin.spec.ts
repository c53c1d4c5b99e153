import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { AdministeredSession, Page, Person, PersonDetail, Problem, SessionAnswer } from '#contracts';
import { newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';
import { withinASecond } from '../support/within-a-second.ts';

const nobody = '00000000-0000-4000-8000-00000000dead';

let stack: Stack;
let database: Client;
let adele: Visitor;
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
  adele = await signedIn('adele');
});

async function signedIn(person: string): Promise<Visitor> {
  const visitor = stack.visitor();
  await visitor.signIn(stack.azure, person);
  return visitor;
}
const idOf = async (visitor: Visitor) => (await visitor.get<SessionAnswer['user']>('/api/auth/me')).body.id;
const pathOf = async (visitor: Visitor) => `/api/admin/users/${await idOf(visitor)}`;
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  status < 400 ? status : `${status} ${(body as Problem).code}`;
const read = async (visitor: Visitor) => codeOf(await visitor.get('/api/auth/session'));
const count = async (table: string) => (await database.query(`SELECT 1 FROM ${table}`)).rowCount;
async function inPagesOfTwo<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | null = '';
  while (next !== null) {
    const page: Page<Item> = (await adele.get<Page<Item>>(`${path}?limit=2${next}`)).body;
    items.push(...page.items);
    next = page.nextCursor && `&cursor=${page.nextCursor}`;
  }
  return items;
}
const entriesAbout = async (id: string) =>
  (
    await database.query<{ action: string; actor_email: string; details: Record<string, unknown> }>(
      'SELECT * FROM audit_entries WHERE resource_id = $1 ORDER BY sequence',
      [id],
    )
  ).rows;

describe('people', () => {
  it('are listed newest first, with what administrators look for', async () => {
    const uma = await signedIn('uma');
    await signedIn('viktor');
    const { status, body } = await adele.get<Page<Person>>('/api/admin/users');
    expect(status).toBe(200);
    expect(body.items.map(({ displayName }) => displayName)).toEqual([
      'Viktor Holm',
      'Uma Patel',
      'Adele Vance',
    ]);
    expect(body.nextCursor).toBeNull();
    expect(body.items[1]).toEqual({
      id: await idOf(uma),
      email: 'uma.patel@contoso.com',
      displayName: 'Uma Patel',
      department: 'Marketing',
      jobTitle: 'Marketing Manager',
      isActive: true,
      isAdmin: false,
      roles: [{ role: 'user', source: 'entra' }],
      createdAt: expect.any(String) as string,
      lastSignInAt: expect.any(String) as string,
    });
  });

  it('are searched, narrowed and paged', async () => {
    for (const person of ['uma', 'viktor', 'ulrich', 'audrey']) await signedIn(person);
    const names = async (query: string) =>
      (await adele.get<Page<Person>>(`/api/admin/users?${query}`)).body.items
        .map(({ displayName }) => displayName.split(' ')[0])
        .toSorted();
    expect(await names('search=u')).toEqual(['Ulrich', 'Uma']);
    expect(await names('search=CONTOSO')).toHaveLength(5);
    expect(await names('search=%25')).toEqual([]);
    expect(await names('search=%00')).toEqual([]);
    expect(await names('role=user')).toEqual(['Ulrich', 'Uma']);
    expect(await names('role=viewer&active=true')).toEqual(['Viktor']);
    expect(await names('active=false')).toEqual([]);
    const people = await inPagesOfTwo<Person>('/api/admin/users');
    expect(new Set(people.map(({ id }) => id)).size).toBe(5);
    expect(people).toHaveLength(5);
  });

  it.each(['role=root', 'active=perhaps', 'limit=0', 'limit=x', 'cursor=x', 'search=a&search=b'])(
    'API-01: refuse the query %s',
    async (query) => {
      expect(codeOf(await adele.get(`/api/admin/users?${query}`))).toBe('400 validation_failed');
    },
  );

  it('are shown one by one; who is not there is 404', async () => {
    const uma = await signedIn('uma');
    const { body } = await adele.get<PersonDetail>(await pathOf(uma));
    expect(body).toMatchObject({
      firstName: 'Uma',
      lastName: 'Patel',
      permissions: ['chat.read', 'chat.use'],
      editedFields: [],
      azureToken: { status: 'fresh' },
    });
    expect(codeOf(await adele.get(`/api/admin/users/${nobody}`))).toBe('404 not_found');
    expect(codeOf(await adele.get('/api/admin/users/:id'))).toBe('400 validation_failed');
  });

  it('are changed field by field, which is recorded with before and after', async () => {
    const uma = await signedIn('uma');
    const path = await pathOf(uma);
    const { status, body } = await adele.patch<PersonDetail>(path, { department: ' Sales ', jobTitle: '' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      displayName: 'Uma Patel',
      department: 'Sales',
      jobTitle: null,
      editedFields: ['department', 'jobTitle'],
    });
    expect((await entriesAbout(body.id)).at(-1)).toMatchObject({
      action: 'user.updated',
      actor_email: 'adele.vance@contoso.com',
      details: {
        source: 'administrator',
        before: { department: 'Marketing', jobTitle: 'Marketing Manager', editedFields: [] },
        after: { department: 'Sales', jobTitle: null, editedFields: ['department', 'jobTitle'] },
      },
    });
  });

  it('keep what was written here at the next sign-in, until it is given back to Entra', async () => {
    const uma = await signedIn('uma');
    const path = await pathOf(uma);
    await adele.patch(path, { displayName: 'Uma P.', department: 'Sales' });
    await stack.azure.changePerson('uma', { jobTitle: 'Director' });
    await uma.signIn(stack.azure, 'uma');
    expect((await adele.get(path)).body).toMatchObject({
      displayName: 'Uma P.',
      department: 'Sales',
      jobTitle: 'Director',
    });
    await adele.patch(path, { department: null });
    expect((await adele.get(path)).body).toMatchObject({
      department: 'Sales',
      editedFields: ['displayName'],
    });
    await uma.signIn(stack.azure, 'uma');
    expect((await adele.get(path)).body).toMatchObject({ displayName: 'Uma P.', department: 'Marketing' });
  });

  it('are not changed without a field', async () => {
    const path = await pathOf(await signedIn('uma'));
    for (const body of [{}, undefined])
      expect(codeOf(await adele.patch(path, body))).toBe('400 no_fields_to_update');
  });

  it.each<[object | string]>([
    [{ email: 'x@contoso.com' }],
    [{ department: 'x', id: nobody }],
    [{ tenantId: nobody }],
    [{ objectId: nobody }],
    [{ createdAt: '2020-01-01T00:00:00Z' }],
    [{ roles: ['admin'] }],
    [{ role: 'admin' }],
    [{ grantedRoles: ['admin'] }],
    [{ rolesFromEntra: ['admin'] }],
    [{ editedFields: [] }],
    [{ isAdmin: 'true' }],
    [{ isAdmin: null }],
    [{ isActive: 1 }],
    [{ displayName: '' }],
    [{ displayName: 'a\nb' }],
    [{ department: 'x\u0000' }],
    [{ jobTitle: 'x'.repeat(201) }],
    [{ department: ['x'] }],
    [['isAdmin']],
    ['null'],
    ['{"__proto__":{"isAdmin":true}}'],
    ['{"constructor":{"prototype":{"isAdmin":true}}}'],
  ])('AUZ-03, API-01: %j is refused whole', async (body) => {
    const uma = await signedIn('uma');
    const path = await pathOf(uma);
    const before = (await adele.get(path)).body;
    expect(codeOf(await adele.patch(path, body))).toBe('400 validation_failed');
    expect((await adele.get(path)).body).toEqual(before);
  });
});

describe('sessions of others', () => {
  it('SES-07: are seen and ended one by one', async () => {
    const [one, other] = [await signedIn('uma'), await signedIn('uma')];
    const path = `${await pathOf(one)}/sessions`;
    const { body } = await adele.get<Page<AdministeredSession>>(path);
    expect(body.items).toHaveLength(2);
    expect(body.items[0]).toMatchObject({
      user: { email: 'uma.patel@contoso.com' },
      method: 'authorization_code',
      isCurrent: false,
    });
    const { session } = (await one.readSession())!;
    expect((await adele.delete(`/api/admin/sessions/${session.id}`)).status).toBe(204);
    expect(await read(one)).toBe('401 session_ended_by_administrator');
    expect(await read(other)).toBe(200);
    expect(codeOf(await adele.delete(`/api/admin/sessions/${session.id}`))).toBe('404 not_found');
    expect((await entriesAbout(session.id)).at(-1)).toMatchObject({
      action: 'session.ended',
      actor_email: 'adele.vance@contoso.com',
      details: { why: 'ended_by_administrator' },
    });
  });

  it('SES-07: are ended all at once, with the Azure tokens', async () => {
    const [one, other] = [await signedIn('uma'), await signedIn('uma')];
    const path = await pathOf(one);
    expect((await adele.delete(`${path}/sessions`)).body).toEqual({ ended: 2 });
    for (const visitor of [one, other])
      expect(await read(visitor)).toBe('401 session_ended_by_administrator');
    expect((await adele.get(path)).body).toMatchObject({ azureToken: { status: 'none' } });
    expect((await adele.delete(`${path}/sessions`)).body).toEqual({ ended: 0 });
    expect(await read(adele)).toBe(200);
  });

  it('of everybody are listed in pages, the administrator’s own marked', async () => {
    for (const person of ['uma', 'viktor', 'uma', 'ulrich']) await signedIn(person);
    const seen = await inPagesOfTwo<AdministeredSession>('/api/admin/sessions');
    expect(seen.map(({ user }) => user.displayName.split(' ')[0])).toEqual([
      'Ulrich',
      'Uma',
      'Viktor',
      'Uma',
      'Adele',
    ]);
    expect(seen.map(({ isCurrent }) => isCurrent)).toEqual([false, false, false, false, true]);
    expect(JSON.stringify(seen)).not.toContain(adele.sessionCookie);
  });
});

describe('within one second', () => {
  /** Somebody whose answer is being written while they watch. */
  async function writing(person: string) {
    await stack.azure.set({ openai: { deltaMs: 100, firstDeltaMs: 10 } });
    const visitor = await signedIn(person);
    const tab = await Tab.open(visitor);
    const sent = await tab.send(await newConversation(visitor), 'Tell me a long story about the sea');
    if (!sent.ok) throw new Error(sent.error.code);
    const { id } = sent.generation;
    await expect.poll(() => tab.of('generation:delta', id).length).toBeGreaterThan(2);
    expect(await isAborted()).toBe(false);
    return { visitor, tab, generationId: id, path: await pathOf(visitor) };
  }
  const isAborted = async () => (await stack.azure.calls('openai')).at(-1)?.aborted;
  const expectStopped = async (tab: Tab, id: string) => {
    expect(tab.of('generation:finished', id)).toMatchObject([{ status: 'stopped' }]);
    expect(await isAborted()).toBe(true);
  };
  const told = (tab: Tab) => tab.events.find(({ name }) => name === 'session:ended')?.data;

  it('SES-06: disabling ends the session, the socket, the answer and the tokens', async () => {
    const { visitor, tab, generationId, path } = await writing('uma');
    const { body } = await visitor.post<{ accessToken: string }>('/api/auth/token');
    expect((await adele.patch(path, { isActive: false })).body).toMatchObject({ isActive: false });
    expect(await read(visitor)).toBe('401 account_disabled');
    const script = { authorization: `Bearer ${body.accessToken}` };
    expect(codeOf(await stack.visitor().get('/api/auth/session', script))).toBe('401 account_disabled');
    const left = async () => [
      tab.socket.connected,
      await count(`generations WHERE status = 'streaming'`),
      await isAborted(),
    ];
    await withinASecond(async () => expect(await left()).toEqual([false, 0, true]));
    expect(told(tab)).toEqual({ code: 'account_disabled' });
    expect(await count('token_caches JOIN users ON users.id = user_id WHERE NOT is_active')).toBe(0);
    expect(await stack.visitor().signIn(stack.azure, 'uma')).toBe('/login?error=account_disabled');

    // And back: with a new sign-in, not with what was ended.
    await adele.patch(path, { isActive: true });
    expect(await read(visitor)).toBe('401 account_disabled');
    const { rows } = await database.query('SELECT status FROM generations WHERE id = $1', [generationId]);
    expect(rows).toEqual([{ status: 'stopped' }]);
    expect(await read(await signedIn('uma'))).toBe(200);
  });

  it('advisory 16: deleting leaves nothing that could be replayed', async () => {
    const { visitor, tab, path } = await writing('uma');
    const { body } = await visitor.post<{ accessToken: string }>('/api/auth/token');
    const id = await idOf(visitor);
    expect((await adele.delete(path)).status).toBe(204);
    expect(await read(visitor)).toBe('401 not_authenticated');
    const script = { authorization: `Bearer ${body.accessToken}` };
    expect(codeOf(await stack.visitor().get('/api/auth/session', script))).toBe('401 not_authenticated');
    await withinASecond(async () => expect([tab.socket.connected, await isAborted()]).toEqual([false, true]));
    expect(told(tab)).toEqual({ code: 'account_disabled' });
    await expect(Tab.open(visitor)).rejects.toMatchObject({ data: { code: 'not_authenticated' } });
    for (const table of ['sessions', 'token_caches', 'conversations', 'generations'])
      expect(await count(`${table} WHERE user_id = '${id}'`), table).toBe(0);
    expect(codeOf(await adele.get(path))).toBe('404 not_found');
    expect(codeOf(await adele.delete(path))).toBe('404 not_found');
    const log = await entriesAbout(id);
    expect(log.find(({ action }) => action === 'user.deleted')).toMatchObject({
      details: { before: { email: 'uma.patel@contoso.com', displayName: 'Uma Patel' } },
    });
    // Deleting is no ban: who signs in again is somebody new, with what Entra gives them.
    expect(await idOf(await signedIn('uma'))).not.toBe(id);
  });

  it('advisory 5, AUZ-04: who is demoted while connected may do no more over the socket, and their answer stops', async () => {
    const viktor = await signedIn('viktor');
    const path = await pathOf(viktor);
    await adele.patch(path, { isAdmin: true });
    const { tab, generationId } = await writing('viktor');
    const conversationId = await newConversation(viktor);
    await adele.patch(path, { isAdmin: false });
    expect(await tab.send(conversationId, 'Still there?')).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(codeOf(await viktor.get('/api/admin/users'))).toBe('403 forbidden');
    expect(codeOf(await viktor.post('/api/chat/conversations', {}))).toBe('403 forbidden');
    await withinASecond(() => expectStopped(tab, generationId));
    // Reading is still theirs.
    expect(await tab.ask('conversation:open', { conversationId })).toMatchObject({ ok: true });
    expect(tab.socket.connected).toBe(true);
  });

  it('AUZ-04: so does who loses the role at Entra, as soon as that is known', async () => {
    const { tab, generationId } = await writing('uma');
    await stack.azure.changePerson('uma', {
      removeGroups: ['Entrada Users'],
      addGroups: ['Entrada Viewers'],
    });
    await signedIn('uma');
    await withinASecond(() => expectStopped(tab, generationId));
  });

  it('who only gets more rights goes on undisturbed', async () => {
    const { tab, generationId, path } = await writing('uma');
    await adele.patch(path, { isAdmin: true });
    const before = tab.of('generation:delta', generationId).length;
    await expect.poll(() => tab.of('generation:delta', generationId).length).toBeGreaterThan(before + 2);
    expect(tab.of('generation:finished', generationId)).toEqual([]);
    tab.close();
  });
});
