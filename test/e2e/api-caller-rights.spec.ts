import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { ApiCallers, type Me } from '../support/api-callers.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let callers: ApiCallers;
beforeAll(async () => {
  // Each process remembers on its own whom it has admitted, and these tests look at one memory.
  stack = await startStack({}, { isDirect: true });
  callers = new ApiCallers(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.azure.reset());

describe('what an API caller may', () => {
  it('is what their role allows: a viewer reads and sends nothing', async () => {
    const viewer = await callers.of('viktor');
    expect((await viewer.get<object>('/api/chat/conversations')).status).toBe(200);
    expect(await viewer.refusal('POST', '/api/chat/conversations', {})).toBe('403 forbidden');
    expect(await viewer.refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe('403 forbidden');
    expect(await stack.azure.calls('openai')).toEqual([]);
  });

  it('AUZ-10: is not what needs a recent sign-in, which a token does not show', async () => {
    const administrator = await callers.of('adele');
    const { body } = await (await callers.of('uma')).get<Me>('/api/auth/me');
    expect((await administrator.get<object>(`/api/admin/users/${body.id}`)).status).toBe(200);
    expect(await administrator.refusal('DELETE', `/api/admin/users/${body.id}`)).toBe('403 step_up_required');
    expect((await administrator.get<object>('/api/admin/sessions')).status).toBe(200);
  });

  it('AUZ-04: ends in the middle of an answer once an administrator disables the account', async () => {
    const script = await callers.of('ulrich');
    const { id } = (await script.get<Me>('/api/auth/me')).body;
    const administrator = await callers.of('adele');
    await stack.azure.set({ openai: { deltaMs: 200 } });
    const turn = script.ask('count to 200');
    await until(async () => (await stack.azure.calls('openai')).length === 1);
    const { status } = await administrator.send('PATCH', `/api/admin/users/${id}`, { isActive: false });
    expect(status).toBe(200);
    await until(async () => (await stack.azure.calls('openai'))[0]!.aborted);
    await turn;
    expect(await script.refusal()).toBe('401 account_disabled');
    await administrator.send('PATCH', `/api/admin/users/${id}`, { isActive: true });
  });

  it('AUZ-02: is not what is another person’s', async () => {
    const { body } = await (await callers.of('uma')).ask();
    const stranger = await callers.of('adele');
    expect(await stranger.refusal('GET', `/api/chat/conversations/${body.conversationId}`)).toBe(
      '404 not_found',
    );
  });

  it('is nothing without a role, and the log says who it was', async () => {
    const script = await callers.of('nora');
    expect(await script.refusal()).toBe('403 no_role');
    expect(await script.refusal()).toBe('403 no_role');
    const failures = (await callers.entries('sign_in.failed')).filter(
      ({ details }) => details.code === 'no_role',
    );
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ outcome: 'failure', details: { method: 'api_bearer' } });
    expect(await stack.database.rows(`SELECT 1 FROM users WHERE email LIKE 'nora%'`)).toEqual([]);
  });

  it('AUZ-04: changes with the next request once a role is taken or given', async () => {
    const script = await callers.of('ulrich');
    expect((await script.post<object>('/api/chat/conversations', {})).status).toBe(201);
    const setRoles = (roles: string) =>
      stack.database.rows(`UPDATE users SET roles_from_entra = $1 WHERE email LIKE 'ulrich%'`, [roles]);
    await setRoles('{viewer}');
    expect(await script.refusal('POST', '/api/chat/conversations', {})).toBe('403 forbidden');
    await setRoles('{user}');
    expect((await script.post<object>('/api/chat/conversations', {})).status).toBe(201);
  });

  it('SES-06: is nothing from the next request on once the account is disabled here, also with a new token', async () => {
    const script = await callers.of('ulrich');
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
    const setActive = (isActive: boolean) =>
      stack.database.rows(`UPDATE users SET is_active = $1 WHERE email LIKE 'ulrich%'`, [isActive]);
    await setActive(false);
    expect(await script.refusal()).toBe('401 account_disabled');
    expect(await script.refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe(
      '401 account_disabled',
    );
    expect(await (await callers.of('ulrich')).refusal()).toBe('401 account_disabled');
    expect(await stack.azure.calls('openai')).toEqual([]);
    await setActive(true);
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
  });

  it('advisory 16: is nothing once the account is deleted', async () => {
    const script = await callers.of('ulrich');
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
    await stack.database.rows(`DELETE FROM users WHERE email LIKE 'ulrich%'`);
    expect(await script.refusal()).toBe('401 not_authenticated');
    expect(await stack.database.rows(`SELECT 1 FROM users WHERE email LIKE 'ulrich%'`)).toEqual([]);
  });

  it('is nothing for somebody whom Entra has disabled', async () => {
    const script = await callers.of('gustav');
    await stack.azure.changePerson('gustav', { enabled: false });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });
});

it('TOK-06: no token of all these, and no part of one, is in the log, and only our own lines are', () => {
  const { log, secrets } = callers.logAndSecrets();
  expect(log.length).toBeGreaterThan(1000);
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => secret && log.includes(secret))).toEqual([]);
  expect(log).not.toMatch(/AzureAD|"hostname"/);
});
