import { assert, asyncProperty, integer, uniqueArray } from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#platform';
import { freePort } from '../../../../test/support/free-port.ts';
import {
  answered,
  type AzureStandIn,
  cutAfter,
  done,
  finishChunk,
  refused,
  stalled,
  startAzure,
  streamed,
  textChunk,
  usageChunk,
} from '../../test/azure-stand-in.ts';
import { AzureChatModel } from './azure-chat-model.ts';
import type { RejectedToken } from '../access-token-source.ts';
import type { ModelEvent } from './chat-model.ts';
import { type ModelLimits, modelLimits } from './model-limits.ts';

const limits = { ...modelLimits, backOffMs: 5 };
const filtered = {
  hate: { filtered: false, severity: 'safe' },
  violence: { filtered: true, severity: 'medium' },
};

const nothing: (event: ModelEvent) => void = () => undefined;
const abortSoon = () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort('stop'), 50);
  return stop.signal;
};
const refuse = async () => Promise.reject(new AppError('reauthentication_required'));

describe('AzureChatModel', () => {
  let azure: AzureStandIn;
  let model: AzureChatModel;
  beforeAll(async () => {
    azure = await startAzure();
    model = modelWith();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    azure.will();
  });
  afterAll(() => azure.close());

  /** For what is about giving up, one limit each: a busy machine may exceed a short one for nothing. */
  const modelWith = (changes: Partial<ModelLimits> = {}, { endpoint } = azure) =>
    new AzureChatModel({ endpoint, apiVersion: '2024-10-21' }, { ...limits, ...changes });

  /** Everything that came, and how it ended. */
  async function ask({
    signal = new AbortController().signal,
    accessToken = async (rejected?: RejectedToken) => (rejected ? `not ${rejected.accessToken}` : 'token'),
    onEvent = nothing,
    using = model,
  } = {}) {
    const events: ModelEvent[] = [];
    let failure: unknown = null;
    try {
      const request = {
        deployment: 'gpt-4o',
        messages: [{ role: 'user', content: 'Hi' } as const],
        accessToken,
        signal,
      };
      for await (const event of using.stream(request)) {
        events.push(event);
        onEvent(event);
      }
    } catch (error) {
      failure = error;
    }
    const text = events.map((event) => (event.kind === 'text' ? event.text : '')).join('');
    return {
      text,
      ends: events.filter(({ kind }) => kind === 'end'),
      events,
      failure: failure as AppError | null,
    };
  }

  it('streams text, usage and the end, asking the deployment with the given token', async () => {
    azure.will(answered);
    const { events, failure } = await ask();
    expect(failure).toBeNull();
    expect(events).toEqual([
      { kind: 'text', text: 'Hel' },
      { kind: 'text', text: 'lo' },
      { kind: 'usage', usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 } },
      { kind: 'end', reason: 'complete' },
    ]);
    expect(azure.received).toHaveLength(1);
    expect(azure.received[0]).toMatchObject({
      path: '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
      authorization: 'Bearer token',
      body: {
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'Hi' }],
      },
    });
  });

  it('AUZ-05: takes no key, address or header from environment variables of the client library', async () => {
    vi.stubEnv('AZURE_OPENAI_API_KEY', 'service-key');
    vi.stubEnv('OPENAI_API_KEY', 'service-key');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'admin-key');
    vi.stubEnv('OPENAI_BASE_URL', 'https://elsewhere.example');
    vi.stubEnv('OPENAI_ORG_ID', 'org');
    vi.stubEnv('OPENAI_PROJECT_ID', 'project');
    azure.will(answered);
    expect(await ask()).toMatchObject({ text: 'Hello', failure: null });
    const { headers } = azure.received[0]!;
    expect(headers).toMatchObject({ authorization: 'Bearer token' });
    expect(JSON.stringify(headers)).not.toMatch(/service-key|admin-key|"org"|project/);
  });

  it('F15: puts a character together that arrives in two pieces', async () => {
    const bytes = Buffer.from(textChunk('naïve 🦉 日本'));
    const owl = bytes.indexOf(Buffer.from('🦉'));
    azure.will(
      streamed(
        bytes.subarray(0, owl + 2),
        20,
        bytes.subarray(owl + 2, owl + 3),
        20,
        bytes.subarray(owl + 3),
        finishChunk('stop'),
        done,
      ),
    );
    expect(await ask()).toMatchObject({ text: 'naïve 🦉 日本', failure: null });
  });

  describe('F15: the same answer, however it is cut on the wire', () => {
    const said = 'naïve 🦉 日本語\u2028\r\n{"data: "}';
    const events = [textChunk(said), finishChunk('stop'), usageChunk(5, 2), done];
    const large = 'x'.repeat(200_000);
    const isWhole = (text: string) => ({
      text,
      failure: null,
      ends: [{ kind: 'end', reason: 'complete' }],
    });

    it('at every byte', async () => {
      const bytes = Buffer.from(textChunk('é🦉') + finishChunk('stop') + done);
      const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
      azure.will(...cuts.map((at) => streamed(bytes.subarray(0, at), 0, bytes.subarray(at))));
      const answers = await Promise.all(cuts.map(() => ask()));
      for (const answer of answers) expect(answer).toMatchObject(isWhole('é🦉'));
    });

    it('in any number of places', async () => {
      const bytes = Buffer.from(events.join(''));
      const places = uniqueArray(integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 });
      await assert(
        asyncProperty(places, async (cuts) => {
          const ends = [...cuts.toSorted((one, other) => one - other), bytes.length];
          const pieces = ends.flatMap((end, index) => [bytes.subarray(ends[index - 1] ?? 0, end), 0]);
          azure.will(streamed(...pieces));
          expect(await ask()).toMatchObject(isWhole(said));
        }),
        { numRuns: 60 },
      );
    });

    it.each([
      ['with CRLF', events.map((event) => event.replaceAll('\n', '\r\n')), said],
      ['with CR alone', events.map((event) => event.replaceAll('\n', '\r')), said],
      ['between comments', events.flatMap((event) => [': still here\n\n', event, ':\n']), said],
      ['behind a byte order mark', ['\uFEFF', ...events], said],
      ['with names and numbers', events.map((event) => `event: message\nid: 7\nretry: 1\n${event}`), said],
      ['in one line of 200 kB', [textChunk(large), finishChunk('stop'), done], large],
      ['without a space behind the colon', events.map((event) => event.replace('data: ', 'data:')), said],
    ])('%s', async (_, pieces, text) => {
      azure.will(streamed(...pieces));
      expect(await ask()).toMatchObject(isWhole(text));
    });
  });

  it.each([
    ['nothing', refused(200, '')],
    ['a page of HTML', refused(200, '<html><body>Service</body></html>', { 'content-type': 'text/html' })],
    ['JSON that is no answer', refused(200, '{"choices":[]}')],
    ['bytes of no meaning', streamed(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a, 0x0a]))],
  ])(
    'F15: %s with status 200 is no answer, and is asked for again no more than an error is',
    async (_, reply) => {
      azure.will(reply, reply, reply, reply);
      const { text, ends, failure } = await ask();
      expect({ text, ends, code: failure?.code }).toEqual({ text: '', ends: [], code: 'model_unavailable' });
      expect(azure.received).toHaveLength(3);
    },
  );

  it('drops U+0000, which the database cannot store', async () => {
    azure.will(streamed(textChunk('a\u0000b'), textChunk('\u0000'), finishChunk('stop'), done));
    expect((await ask()).events).toEqual([
      { kind: 'text', text: 'ab' },
      { kind: 'end', reason: 'complete' },
    ]);
  });

  it('F14: says when the length limit ended the answer', async () => {
    azure.will(streamed(textChunk('half'), finishChunk('length'), done));
    expect((await ask()).ends).toEqual([{ kind: 'end', reason: 'length' }]);
  });

  it.each([
    ['is cut off', cutAfter(textChunk('part'))],
    ['ends without a finish reason', streamed(textChunk('part'))],
    ['ends with [DONE] but without a finish reason', streamed(textChunk('part'), done)],
    ['turns into garbage', streamed(textChunk('part'), 'data: {"choices": [{\n\n', finishChunk('stop'))],
    [
      'carries an error',
      streamed(textChunk('part'), 'data: {"error":{"code":"500","message":"oops"}}\n\n', done),
    ],
  ])('F15: keeps the text and is not complete when the stream %s', async (_, reply) => {
    azure.will(reply);
    const { text, ends, failure } = await ask();
    expect({ text, ends, code: failure?.code }).toEqual({
      text: 'part',
      ends: [],
      code: 'model_unavailable',
    });
    expect(azure.received).toHaveLength(1);
  });

  it('never quotes a garbled piece of the stream in what is logged', async () => {
    azure.will(streamed(textChunk('part'), 'data: my secret diary\n\n'));
    const { failure } = await ask();
    expect(failure?.cause).toBeInstanceOf(Error);
    expect(String(failure?.cause)).not.toContain('diary');
  });

  it('F15: gives up on a stream that stalls, keeping the text', async () => {
    azure.will(stalled(textChunk('part')));
    const { text, failure } = await ask({ using: modelWith({ stallMs: 400 }) });
    expect({ text, code: failure?.code }).toEqual({ text: 'part', code: 'model_timeout' });
    await expect.poll(() => azure.received[0]!.closedAt).not.toBeNull();
  });

  it('F15: gives up when nothing comes at all', async () => {
    const using = modelWith({ firstEventMs: 400 });
    azure.will(() => undefined);
    expect((await ask({ using })).failure?.code).toBe('model_timeout');
    azure.will(stalled());
    expect((await ask({ using })).failure?.code).toBe('model_timeout');
  });

  it('gives up on a stream that drips for ever', async () => {
    const drip = Array.from({ length: 100 }, () => [textChunk('.'), 20]).flat();
    azure.will(streamed(...drip));
    const { text, failure } = await ask({ using: modelWith({ wholeMs: 1_000 }) });
    expect(failure?.code).toBe('model_timeout');
    expect(text.length).toBeGreaterThan(3);
  });

  it('does not wait for usage figures that never come after the finish reason', async () => {
    azure.will(stalled(textChunk('all'), finishChunk('stop')));
    const using = modelWith({ trailerMs: 100, stallMs: 20_000 });
    const before = performance.now();
    expect(await ask({ using })).toMatchObject({
      text: 'all',
      failure: null,
      ends: [{ reason: 'complete' }],
    });
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('F21: an abort closes the connection to Azure at once', async () => {
    const stop = new AbortController();
    azure.will(stalled(textChunk('part')));
    const { text, ends, failure } = await ask({ signal: stop.signal, onEvent: () => stop.abort('stop') });
    expect({ text, ends, failure }).toEqual({ text: 'part', ends: [], failure: 'stop' });
    await expect.poll(() => azure.received[0]!.closedAt).not.toBeNull();
  });

  it('F21: an abort also ends the wait for a token, for the first text and for the next try', async () => {
    azure.will(() => undefined);
    expect((await ask({ signal: abortSoon() })).failure).toBe('stop');
    azure.will(refused(429, { code: '429' }, { 'retry-after-ms': '9000' }));
    expect(await ask({ signal: abortSoon() })).toMatchObject({ text: '' });
    azure.will();
    expect(
      (await ask({ signal: abortSoon(), accessToken: () => new Promise(() => undefined) })).failure,
    ).toBe('stop');
    expect(azure.received).toHaveLength(0);
  });

  it('F12: waits as long as Azure asks and tries again before any text was shown', async () => {
    azure.will(refused(429, { code: '429' }, { 'retry-after-ms': '120' }), answered);
    const before = performance.now();
    expect(await ask()).toMatchObject({ text: 'Hello', failure: null });
    expect(performance.now() - before).toBeGreaterThanOrEqual(115);
    expect(azure.received).toHaveLength(2);
  });

  it('F12: says that it waits, and why, when the wait is long enough to be noticed', async () => {
    azure.will(
      refused(503, { code: 'ServiceUnavailable' }, { 'retry-after-ms': '20' }),
      refused(429, { code: '429' }, { 'retry-after-ms': '110' }),
      answered,
    );
    const { events } = await ask({ using: modelWith({ toldWaitMs: 100 }) });
    expect(events.slice(0, 2)).toEqual([
      { kind: 'wait', code: 'model_rate_limited', ms: 110 },
      { kind: 'text', text: 'Hel' },
    ]);
  });

  it('F12: tries no more once text was shown, whatever Azure then says', async () => {
    const throttled = { error: { code: '429', message: 'Rate limit' } };
    azure.will(streamed(textChunk('part'), `data: ${JSON.stringify(throttled)}\n\n`), answered);
    expect((await ask()).text).toBe('part');
    expect(azure.received).toHaveLength(1);
  });

  it('F12: shows the wait instead of waiting when Azure asks for more than a few seconds', async () => {
    azure.will(refused(429, { code: '429' }, { 'retry-after': '37' }));
    const { failure } = await ask();
    expect(failure).toMatchObject({ code: 'model_rate_limited', extras: { retryAfterSeconds: 37 } });
    expect(azure.received).toHaveLength(1);
  });

  it('F12: gives up after two more tries', async () => {
    azure.will(...Array.from({ length: 5 }, () => refused(503, { code: 'ServiceUnavailable' })));
    expect((await ask()).failure?.code).toBe('model_unavailable');
    expect(azure.received).toHaveLength(3);
  });

  it('F13: a 401 gets another token, once', async () => {
    azure.will(refused(401, { code: '401', message: 'Access denied' }), answered);
    expect(await ask()).toMatchObject({ text: 'Hello', failure: null });
    expect(azure.received.map(({ authorization }) => authorization)).toEqual([
      'Bearer token',
      'Bearer not token',
    ]);
    azure.will(refused(401, { code: '401' }), refused(401, { code: '401' }), answered);
    expect((await ask()).failure?.code).toBe('model_credential_rejected');
    expect(azure.received).toHaveLength(2);
  });

  it('asks the person to confirm when Azure wants more claims than the token has', async () => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="' };
    azure.will(refused(401, { code: '401' }, challenge));
    expect((await ask()).failure?.code).toBe('reauthentication_required');
    expect(azure.received).toHaveLength(1);
  });

  it('hands the claims to the source of tokens, also after a token was renewed, and asks Azure no more', async () => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="' };
    const told: (RejectedToken | undefined)[] = [];
    const accessToken = async (rejected?: RejectedToken) => {
      told.push(rejected);
      if (rejected?.claims) throw new AppError('reauthentication_required');
      return rejected ? 'second' : 'first';
    };
    azure.will(refused(401, { code: '401' }), refused(401, { code: '401' }, challenge), answered);
    expect((await ask({ accessToken })).failure?.code).toBe('reauthentication_required');
    expect(told).toEqual([
      undefined,
      { accessToken: 'first', claims: null },
      { accessToken: 'second', claims: '{"a":1}' },
    ]);
    expect(azure.received).toHaveLength(2);
  });

  it('passes on what the source of tokens says', async () => {
    azure.will();
    expect((await ask({ accessToken: refuse })).failure?.code).toBe('reauthentication_required');
    expect(azure.received).toHaveLength(0);
  });

  it.each([
    [
      '401 PermissionDenied',
      refused(401, { code: 'PermissionDenied', message: 'lacks the data action' }),
      'model_role_missing',
    ],
    ['403', refused(403, { code: 'Forbidden' }), 'model_role_missing'],
    ['404', refused(404, { code: 'DeploymentNotFound' }), 'model_deployment_missing'],
    [
      '400 context_length_exceeded',
      refused(400, { code: 'context_length_exceeded' }),
      'model_context_too_long',
    ],
    ['400', refused(400, { code: 'unsupported_parameter' }), 'model_refused_request'],
    ['400 that is not JSON', refused(400, '<html>'), 'model_refused_request'],
    ['408', refused(408, { code: 'Timeout' }), 'model_timeout'],
  ])('explains %s and does not ask again', async (_, reply, code) => {
    azure.will(reply);
    expect((await ask()).failure?.code).toBe(code);
    expect(azure.received).toHaveLength(1);
  });

  it('F14: names the filter that refused the question', async () => {
    const innererror = { code: 'ResponsibleAIPolicyViolation', content_filter_result: filtered };
    azure.will(refused(400, { code: 'content_filter', innererror }));
    expect((await ask()).failure).toMatchObject({
      code: 'model_content_filtered',
      extras: { filter: { category: 'violence', severity: 'medium' } },
    });
  });

  it('F14: keeps the text when the filter ends the answer, and still counts the tokens', async () => {
    const verdict = finishChunk('content_filter', { content_filter_results: filtered });
    azure.will(streamed(textChunk('so far'), verdict, usageChunk(9, 3), done));
    const { text, events, ends, failure } = await ask();
    expect({ text, ends }).toEqual({ text: 'so far', ends: [] });
    expect(events.at(-1)).toMatchObject({ kind: 'usage', usage: { totalTokens: 12 } });
    expect(failure).toMatchObject({
      code: 'model_content_filtered',
      extras: { filter: { category: 'violence' } },
    });
  });

  it('follows no redirect, which would carry the token to a host that nobody chose', async () => {
    const elsewhere = await startAzure();
    azure.will(...[1, 2, 3].map(() => refused(307, '', { location: `${elsewhere.endpoint}/openai` })));
    expect((await ask()).failure?.code).toBe('model_unavailable');
    expect(elsewhere.received).toHaveLength(0);
    await elsewhere.close();
  });

  it('says that Azure is not reachable when nobody listens', async () => {
    const nobody = { ...azure, endpoint: `http://127.0.0.1:${await freePort()}` };
    expect((await ask({ using: modelWith({}, nobody) })).failure?.code).toBe('model_unavailable');
  });
});
