/** Azure wants more of a person than their token proves: they confirm at Entra, and nothing that they did is lost. */
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message, Problem } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

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
let uma: Visitor;
beforeEach(async () => {
  await stack.azure.reset();
  await database.query('DELETE FROM users');
  uma = stack.visitor();
  await uma.signIn(stack.azure, 'uma', '?remember=true');
});

const confirm = '?confirm=true&returnTo=%2Fchat%3Fc%3D1';
const demand = (at: string, context = 'c1') =>
  stack.azure.set({
    conditionalAccess: [
      { person: 'uma', at, context, ...(at === 'token' ? { resource: 'cognitiveservices' } : {}) },
    ],
  });
const say = async (visitor = uma) =>
  (await visitor.post<{ message: Message }>('/api/chat/message', { message: 'Hello' })).body.message;
const statusOf = async (visitor: Visitor) => (await visitor.readSession())?.azureToken.status;
/** Through Entra's pages, the second step included. */
async function confirmed(person = 'uma', visitor = uma): Promise<string | null> {
  const back = await stack.azure.approveSignIn(await visitor.beginSignIn(confirm), person, { number: '42' });
  const { headers } = await visitor.get(back.pathname + back.search);
  await visitor.readSession();
  return headers.get('location');
}

describe('a claims challenge', () => {
  it.each(['openai', 'token'])('from %s is kept, and met when the person confirms', async (at) => {
    const before = (await uma.readSession())!.session;
    await demand(at);
    if (at === 'token') expect((await uma.post('/api/auth/refresh')).status).toBe(401);
    else
      expect(await say()).toMatchObject({ status: 'failed', error: { code: 'reauthentication_required' } });
    expect(await statusOf(uma)).toBe('needs_interaction');
    const { searchParams } = new URL(await uma.beginSignIn(confirm));
    const claims = JSON.parse(searchParams.get('claims') ?? '{}') as { access_token: object };
    expect(claims.access_token).toEqual({
      acrs: { essential: true, value: 'c1' },
      xms_cc: { values: ['cp1'] },
    });
    expect(searchParams.get('login_hint')).toBe('uma.patel@contoso.com');
    expect(searchParams.has('prompt')).toBe(false);
    expect(await confirmed()).toBe('/chat?c=1');
    const after = (await uma.readSession())!;
    expect(after.session.id).not.toBe(before.id);
    expect(after.azureToken.status).toBe('fresh');
    expect(new Date(after.session.absoluteExpiresAt) >= new Date(before.absoluteExpiresAt)).toBe(true);
    expect(await say()).toMatchObject({ status: 'done' });
    expect(new URL(await uma.beginSignIn(confirm)).searchParams.get('claims')).not.toContain('acrs');
  });

  it('is asked for no second time in the background, and nobody else is asked for it', async () => {
    await demand('openai');
    await say();
    const calls = (await stack.azure.calls('openai')).length;
    expect(await say()).toMatchObject({ error: { code: 'reauthentication_required' } });
    expect(await stack.azure.calls('openai')).toHaveLength(calls);
    expect((await uma.post<Problem>('/api/auth/refresh')).body.code).toBe('reauthentication_required');
    const gustav = stack.visitor();
    await gustav.signIn(stack.azure, 'gustav');
    expect(await say(gustav)).toMatchObject({ status: 'done' });
  });

  it('that comes again right after is as clean as the first', async () => {
    await demand('openai');
    await say();
    await confirmed();
    await demand('openai', 'c2');
    expect(await say()).toMatchObject({ error: { code: 'reauthentication_required' } });
    const { searchParams } = new URL(await uma.beginSignIn(confirm));
    expect(searchParams.get('claims')).toContain('c2');
    await confirmed();
    expect(await say()).toMatchObject({ status: 'done' });
  });

  it('of Microsoft Graph is one as well', async () => {
    await demand('graph');
    expect((await uma.get<Problem>('/api/graph/me')).body.code).toBe('reauthentication_required');
    expect(new URL(await uma.beginSignIn(confirm)).searchParams.get('claims')).toContain('c1');
  });

  it('met by somebody else is met by nobody', async () => {
    await demand('openai');
    await say();
    const before = (await uma.readSession())!;
    expect(await confirmed('gustav')).toBe('/login?error=sign_in_failed');
    expect((await uma.readSession())!.session.id).toBe(before.session.id);
    expect(await statusOf(uma)).toBe('needs_interaction');
    expect(new URL(await uma.beginSignIn(confirm)).searchParams.get('claims')).toContain('c1');
  });

  it('says nothing of itself to the browser before it is sent to Entra, nor to the log', async () => {
    await demand('openai');
    const message = await say();
    const session = await uma.readSession();
    expect(JSON.stringify([message, session])).not.toMatch(/acrs|claims/);
    expect(stack.api.lines.join('\n')).not.toMatch(/acrs|eyJhY2Nlc3NfdG9rZW4/);
  });

  it('confirming without one, with a good token, asks Entra for nothing more', async () => {
    const { searchParams } = new URL(await uma.beginSignIn(confirm));
    expect(searchParams.has('prompt')).toBe(false);
    expect(searchParams.get('claims')).not.toContain('acrs');
    expect(searchParams.get('login_hint')).toBe('uma.patel@contoso.com');
  });

  it('confirming without a session is an ordinary sign-in', async () => {
    const visitor = stack.visitor();
    expect(new URL(await visitor.beginSignIn(confirm)).searchParams.has('login_hint')).toBe(false);
  });

  it('of an API caller is theirs to meet: they are told the claims', async () => {
    const { access_token: token } = await stack.azure.tokensFor(
      'uma',
      `api://${stack.env.AZURE_CLIENT_ID}/access_as_user`,
    );
    await demand('openai');
    const answer = await stack
      .visitor()
      .send<{ message: Message & { error?: { claims?: string } } }>(
        'POST',
        '/api/chat/message',
        { message: 'Hello' },
        { authorization: `Bearer ${token}` },
      );
    expect(answer.body.message.error).toMatchObject({ code: 'reauthentication_required' });
    expect(JSON.parse(answer.body.message.error?.claims ?? '{}')).toEqual({
      access_token: { acrs: { essential: true, value: 'c1' } },
    });
  });
});
