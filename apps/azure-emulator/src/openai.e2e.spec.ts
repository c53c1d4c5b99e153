import { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

const SCOPE = 'https://cognitiveservices.azure.com/.default';

interface Chunk {
  choices: { delta: { content?: string; role?: string }; finish_reason: string | null }[];
  usage?: { completion_tokens: number } | null;
  prompt_filter_results?: unknown;
}

const errorOf = async (response: Response) =>
  ((await response.json()) as { error: Record<string, unknown> }).error;
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''));
const textOf = (events: string[]) =>
  events
    .filter((event) => event.startsWith('{') && !event.includes('not JSON'))
    .map((event) => (JSON.parse(event) as Chunk).choices?.[0]?.delta.content ?? '')
    .join('');

describe('Azure OpenAI', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator();
  });
  beforeEach(async () => {
    await azure.control('DELETE', '');
    await azure.pull({ openai: { firstDeltaMs: 1, deltaMs: 1 } });
  });
  afterAll(() => azure.stop());

  const tokenFor = async (person: string, more = {}) =>
    (await azure.tokensFor(person, SCOPE, more)).access_token!;

  async function ask(
    person: string,
    content: string,
    change: object = {},
    options: { token?: string; path?: string } = {},
  ) {
    const token = options.token ?? (await tokenFor(person));
    const path = options.path ?? 'gpt-4o/chat/completions?api-version=2024-10-21';
    return fetch(`${azure.httpUrl}/openai/deployments/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content }], ...change }),
    });
  }

  it('streams in the order of Azure: judged prompt, role, text, reason, usage, DONE', async () => {
    const response = await ask('uma', 'count to 40', {
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(await response.text());
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk);
    expect(chunks[0]).toMatchObject({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] });
    expect(chunks[1]!.choices[0]!.delta).toMatchObject({ role: 'assistant', content: '' });
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('stop');
    expect(chunks.at(-1)!.usage!.completion_tokens).toBe(chunks.length - 4);
    expect(textOf(events)).toContain('38, 39, 40');
  });

  it('answers at once as well, in the name of whose token came along', async () => {
    const body = (await (await ask('ulrich', 'who am I?')).json()) as {
      choices: { message: { content: string } }[];
    };
    expect(body.choices[0]!.message.content).toContain('Azure emulator · gpt-4o · asked by Ulrich Brandt');
    const [call] = await azure.log('?area=openai');
    expect(call).toMatchObject({
      person: 'ulrich',
      status: 200,
      deployment: 'gpt-4o',
      audience: 'https://cognitiveservices.azure.com',
    });
  });

  it('is understood by the openai package', async () => {
    const client = new AzureOpenAI({
      endpoint: azure.httpUrl,
      apiVersion: '2024-10-21',
      azureADTokenProvider: () => tokenFor('uma'),
      maxRetries: 0,
    });
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toContain('Hello Uma!');
    await azure.pull({ faults: { openai: [{ kind: 'filter-prompt', category: 'hate' }] } });
    const refused = client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'content_filter' });
  });

  it('refuses in the words of Azure', async () => {
    expect((await ask('uma', 'x', {}, { token: 'nonsense' })).status).toBe(401);
    const graphToken = (await azure.tokensFor('uma', 'User.Read')).access_token!;
    expect(String((await errorOf(await ask('uma', 'x', {}, { token: graphToken }))).message)).toContain(
      'audience is incorrect',
    );
    expect(await errorOf(await ask('rhea', 'x'))).toMatchObject({ code: 'PermissionDenied' });
    const elsewhere = { path: 'gpt-9/chat/completions?api-version=2024-10-21' };
    expect(await errorOf(await ask('uma', 'x', {}, elsewhere))).toMatchObject({ code: 'DeploymentNotFound' });
    expect((await ask('uma', 'x', {}, { path: 'gpt-4o/chat/completions' })).status).toBe(404);
    expect(await errorOf(await ask('uma', 'x', { messages: [] }))).toMatchObject({ param: 'messages' });
    await azure.pull({ openai: { contextTokens: 10 } });
    expect(await errorOf(await ask('uma', 'x'.repeat(100)))).toMatchObject({
      code: 'context_length_exceeded',
    });
  });

  it('refuses an expired token', async () => {
    await azure.pull({ tokens: { accessSeconds: -1 } });
    expect((await ask('uma', 'x')).status).toBe(401);
  });

  it('asks for claims until a token fulfils them, but only of a client that understands', async () => {
    await azure.pull({ conditionalAccess: [{ at: 'openai', person: 'uma', context: 'c1' }] });
    const refused = await ask('uma', 'x');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_claims');
    expect((await ask('uma', 'x', {}, { token: await tokenFor('uma', { contexts: ['c1'] }) })).status).toBe(
      200,
    );
    expect((await ask('ulrich', 'x')).status).toBe(200);
    const plain = await ask('uma', 'x', {}, { token: await tokenFor('uma', { capabilities: [] }) });
    expect(plain.headers.get('www-authenticate')).not.toContain('claims=');
  });

  it('throttles exactly as often as told, and only whom', async () => {
    await azure.pull({
      faults: {
        openai: [{ kind: 'too-many-requests', person: 'uma', times: 2, retryAfterMs: 1500, retryAfter: 2 }],
      },
    });
    const [first, other, second, third] = [
      await ask('uma', 'x'),
      await ask('ulrich', 'x'),
      await ask('uma', 'x'),
      await ask('uma', 'x'),
    ];
    expect([first, other, second, third].map(({ status }) => status)).toEqual([429, 200, 429, 200]);
    expect([first.headers.get('retry-after-ms'), first.headers.get('retry-after')]).toEqual(['1500', '2']);
  });

  it.each([
    ['length', 'length'],
    ['filter-completion', 'content_filter'],
  ])('ends early with the fault %s, reason %s', async (kind, reason) => {
    await azure.pull({ faults: { openai: [{ kind, after: 4 }] } });
    const events = eventsOf(await (await ask('uma', 'count to 100', { stream: true })).text());
    expect(events).toHaveLength(2 + 4 + 1 + 1);
    expect((JSON.parse(events.at(-2)!) as Chunk).choices[0]!.finish_reason).toBe(reason);
  });

  it('cuts the connection in the middle', async () => {
    await azure.pull({ faults: { openai: [{ kind: 'cut', after: 3 }] } });
    const response = await ask('uma', 'count to 100', { stream: true });
    await expect(response.text()).rejects.toThrow();
    const lastCall = async () => (await azure.log('?area=openai'))[0];
    await expect.poll(lastCall).toMatchObject({ aborted: true, deltas: 3 });
  });

  it('slips garbage in, and ends with an error event', async () => {
    await azure.pull({
      faults: {
        openai: [
          { kind: 'garbage', after: 3 },
          { kind: 'error-event', after: 3 },
        ],
      },
    });
    const garbage = eventsOf(await (await ask('uma', 'count to 9', { stream: true })).text());
    expect(garbage[5]).toContain('not JSON');
    expect(textOf(garbage)).toContain('8, 9');
    const broken = eventsOf(await (await ask('uma', 'count to 9', { stream: true })).text());
    expect(JSON.parse(broken.at(-1)!)).toHaveProperty('error');
  });

  it('splits characters between two pieces of the network', async () => {
    await azure.pull({ faults: { openai: [{ kind: 'split-utf8' }] } });
    const response = await ask('uma', 'echo Grüße 👋 aus Köln', { stream: true });
    const pieces: Buffer[] = [];
    for await (const piece of response.body!) pieces.push(Buffer.from(piece as Uint8Array));
    expect(pieces.some((piece) => piece.toString().includes('\ufffd'))).toBe(true);
    expect(textOf(eventsOf(Buffer.concat(pieces).toString()))).toContain('Grüße 👋 aus Köln');
  });

  it('notices a caller who goes away, even during a stall', async () => {
    await azure.pull({ faults: { openai: [{ kind: 'stall', after: 2 }] } });
    const response = await ask('uma', 'count to 100', { stream: true });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(async () => (await azure.log('?area=openai'))[0]?.aborted).toBe(true);
  });
});
