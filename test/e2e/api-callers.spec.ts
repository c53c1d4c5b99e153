import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, SentMessage } from '#contracts';
import { ApiCallers, type Me, type Script } from '../support/api-callers.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let callers: ApiCallers;
beforeAll(async () => {
  // Each process remembers on its own whom it has admitted, and these tests look at one memory.
  stack = await startStack({}, { isDirect: true });
  callers = new ApiCallers(stack);
});
afterAll(() => stack.stop());
/** Whose each token of Entra's is, by its id. */
const ownerOf = new Map<unknown, string | undefined>();
afterEach(async () => {
  for (const { tokenId, person } of await stack.azure.calls('token')) ownerOf.set(tokenId, person);
  await stack.azure.reset();
});

async function send(script: Script, content: string, model: string): Promise<void> {
  const { body: conversation } = await script.post<{ id: string }>('/api/chat/conversations', {});
  const path = `/api/chat/conversations/${conversation.id}/messages`;
  const { status, body } = await script.post<SentMessage>(path, {
    content,
    clientMessageId: randomUUID(),
    model,
  });
  expect(status).toBe(202);
  const events = await script.get<string>(`/api/chat/generations/${body.generation.id}/events`);
  expect(events.body).toContain('"status":"done"');
}

describe('an API caller', () => {
  it('is who the token says, with the roles of their groups', async () => {
    const { status, body } = await (await callers.of('uma')).get<Me>('/api/auth/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({ email: 'uma.patel@contoso.com', roles: ['user'], isAdmin: false });
  });

  it.each([1, 2])(
    'is believed with a token of version %i, whose audience is spelt its own way',
    async (version) => {
      await stack.azure.set({ tokens: { apiVersion: version } });
      const token = await callers.tokenOf('adele');
      const { aud } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
        aud: string;
      };
      expect(aud).toBe(version === 1 ? `api://${callers.clientId}` : callers.clientId);
      const { body } = await callers.with(token).get<Me>('/api/auth/me');
      expect(body).toMatchObject({ roles: ['admin'], isAdmin: true });
    },
  );

  it('has the groups that are too many for a token', async () => {
    const { body } = await (await callers.of('grace')).get<Me>('/api/auth/me');
    expect(body.roles).toEqual(['user']);
  });

  it('asks and is answered in one call, without Origin, cookie or CSRF token', async () => {
    const { status, body } = await (await callers.of('uma')).ask();
    expect(status).toBe(200);
    expect(body.message).toMatchObject({ role: 'assistant', status: 'done' });
  });

  it('AUZ-05: calls the model by on-behalf-of, in their own name', async () => {
    await (await callers.of('adele')).ask();
    const exchanges = (await stack.azure.calls('token')).filter(({ grant }) => grant === 'on_behalf_of');
    expect(exchanges.map(({ person, resource, status }) => [person, resource, status])).toEqual([
      ['adele', 'https://graph.microsoft.com', 200],
      ['adele', 'https://cognitiveservices.azure.com', 200],
    ]);
    const [call, ...more] = await stack.azure.calls('openai');
    expect(more).toEqual([]);
    expect(call).toMatchObject({ person: 'adele', tokenId: exchanges[1]!.tokenId, status: 200 });
  });

  it('has one token for the model as long as it lasts, and another once Azure rejects it', async () => {
    const script = await callers.of('uma');
    await script.ask();
    await script.ask();
    await stack.azure.set({ faults: { openai: [{ kind: 'unauthorized' }] } });
    expect((await script.ask()).body.message.status).toBe('done');
    const used = (await stack.azure.calls('openai')).map(({ tokenId }) => tokenId);
    expect(used[1]).toBe(used[0]);
    expect(used[2]).toBe(used[0]);
    expect(used[3]).not.toBe(used[0]);
  });

  it('AUZ-05: two of them at once each carry their own token upstream', async () => {
    const [uma, gustav] = await Promise.all([callers.of('uma'), callers.of('gustav')]);
    const turns = [1, 2, 3].flatMap((turn) => [
      send(uma, `Question ${turn}`, 'gpt-4o'),
      send(gustav, `Question ${turn}`, 'gpt-4o-mini'),
    ]);
    await Promise.all(turns);
    const calls = await stack.azure.calls('openai');
    expect(calls).toHaveLength(6);
    for (const { tokenId, person } of await stack.azure.calls('token')) ownerOf.set(tokenId, person);
    for (const { deployment, person, tokenId } of calls) {
      const asker = deployment === 'gpt-4o' ? 'uma' : 'gustav';
      expect([person, ownerOf.get(tokenId)]).toEqual([asker, asker]);
    }
  });

  it('leaves one audit entry for each token, not for each call, also when the first calls come at once', async () => {
    const before = (await callers.entries('sign_in.succeeded')).length;
    const script = await callers.of('ulrich');
    await Promise.all([1, 2, 3, 4, 5].map(() => script.get('/api/auth/me')));
    await script.get('/api/auth/me');
    const [entry, ...more] = (await callers.entries('sign_in.succeeded')).slice(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      outcome: 'success',
      session_id: null,
      resource_type: 'user',
      details: { method: 'api_bearer', clientId: callers.clientId, roles: ['user'] },
    });
    expect(entry!.actor_email).toMatch(/^ulrich/);
    const graph = (await stack.azure.calls('token')).filter(({ person }) => person === 'ulrich');
    expect(graph.filter(({ grant }) => grant === 'on_behalf_of')).toHaveLength(1);
  });

  it('leaves what the person keeps for the browser as it was', async () => {
    const credentials = () =>
      stack.database.rows(
        `SELECT version, client, encode(sealed, 'hex') AS sealed FROM token_caches
         JOIN users ON users.id = user_id WHERE email = $1`,
        ['uma.patel@contoso.com'],
      );
    await (await callers.of('uma')).ask();
    expect(await credentials()).toEqual([]);
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    const before = await credentials();
    expect(before).toMatchObject([{ client: 'confidential' }]);
    await (await callers.of('uma')).ask();
    expect(await credentials()).toEqual(before);
    expect((await visitor.readSession())?.azureToken.status).toBe('fresh');
    await visitor.post('/api/auth/logout');
  });

  it('goes on after the same person signed out of the browser', async () => {
    const script = await callers.of('uma');
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    await visitor.post('/api/auth/logout');
    expect((await script.ask()).status).toBe(200);
  });

  it.each([
    ['GET', '/api/auth/session'],
    ['POST', '/api/auth/token'],
    ['POST', '/api/auth/refresh'],
    ['GET', '/api/auth/sessions'],
    ['DELETE', '/api/auth/sessions'],
    ['DELETE', `/api/auth/sessions/${randomUUID()}`],
  ])('has no session: %s %s is refused', async (method, path) => {
    expect(await (await callers.of('uma')).refusal(method, path)).toBe('403 forbidden');
  });

  it('cannot open a socket: that belongs to a session', async () => {
    const socket = io(`${stack.url}/chat`, {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      auth: { token: await callers.tokenOf('uma') },
      extraHeaders: { origin: stack.url },
    });
    const refusal = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', (error) =>
        resolve((error as Error & { data?: Problem }).data?.code ?? error.message),
      );
    });
    socket.close();
    expect(refusal).toBe('not_authenticated');
  });
});

it('TOK-06: no token of all these, and no part of one, is in the log, and only our own lines are', () => {
  const { log, secrets } = callers.logAndSecrets();
  expect(log.length).toBeGreaterThan(1000);
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => secret && log.includes(secret))).toEqual([]);
  expect(log).not.toMatch(/AzureAD|"hostname"/);
});
