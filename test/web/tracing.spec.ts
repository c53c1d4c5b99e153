import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts';
import { hasChromium, launchChromium, openPage } from '../support/chromium.ts';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts';
import { behindNginx, type Stack, startStack } from '../support/stack.ts';
import { send, signInByCode, untilFinished } from './steps.ts';

describe.skipIf(!hasChromium)('one trace, from a click to Azure', () => {
  let stack: Stack;
  let browser: Browser;
  let collector: Collector;
  beforeAll(async () => {
    collector = await startCollector();
    [stack, browser] = await Promise.all([
      startStack({ ...collector.env, OTEL_SERVICE_NAME: 'entrada-under-test' }),
      launchChromium(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
    await collector.close();
  });
  const named = (name: string) => (span: CollectedSpan) => span.name === name;
  const within = (parent: CollectedSpan) => (span: CollectedSpan) =>
    span.traceId === parent.traceId && span.parentId === parent.spanId;

  it('what is sent in a browser, stored in Postgres, asked of Azure and answered is one trace, by its ids', async () => {
    const { page, context } = await openPage(browser);
    const [sent, heard, asked] = [[] as string[], [] as string[], [] as string[]];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => void sent.push(payload.toString()));
      socket.on('framereceived', ({ payload }) => void heard.push(payload.toString()));
    });
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(request.headers().traceparent ?? '');
    });
    await signInByCode(page, stack, 'Uma Patel');
    // Without a connection, a message goes over HTTP.
    await expect.poll(() => heard.some((payload) => payload.startsWith('40/chat,'))).toBe(true);
    await send(page, 'Hello there');
    await untilFinished(page);
    await context.close();

    // In the browser: the conversation over HTTP and the message over the socket are two steps of one act.
    const frame = sent.find((payload) => payload.includes('message:send')) ?? '';
    const [, traceId, step] = /"traceparent":"00-([\da-f]{32})-([\da-f]{16})-00"/.exec(frame) ?? [];
    expect(traceId).toBeDefined();
    expect(asked.map((header) => header.split('-')[1])).toContain(traceId);

    const message = await collector.until(named('message:send'));
    expect(message).toMatchObject({ traceId, parentId: step });
    const generation = await collector.until(named('generation'));
    expect(within(message)(generation)).toBe(true);
    expect(generation.attributes).toMatchObject({
      'entrada.generation.outcome': 'done',
      'gen_ai.request.model': 'gpt-4o',
    });
    const call = await collector.until(
      (span) => within(generation)(span) && span.attributes['http.request.method'] === 'POST',
    );
    expect(call.attributes).toMatchObject({
      'url.path': '/openai/deployments/gpt-4o/chat/completions',
      'http.response.status_code': '200',
    });
    // Azure itself was told: the trace, and that call as what it is a part of.
    const [atAzure] = await stack.azure.calls('openai');
    expect(atAzure?.traceparent).toBe(`00-${traceId}-${call.spanId}-01`);
    for (const parent of [message, generation])
      await collector.until((span) => within(parent)(span) && 'db.query.text' in span.attributes);
    await collector.until((span) => span.traceId === traceId && span.name === 'POST /api/chat/conversations');
  });

  it('Entra and Graph are spans of the sign-in, and are not told of any trace', async () => {
    const callback = await collector.until(named('GET /api/auth/callback'));
    for (const path of [/\/oauth2\/v2\.0\/token$/, /^\/v1\.0\/me$/])
      await collector.until((span) => within(callback)(span) && path.test(span.attributes['url.path'] ?? ''));
    const calls = await Promise.all([stack.azure.calls('token'), stack.azure.calls('graph')]);
    expect(calls.every((each) => each.length > 0)).toBe(true);
    expect(calls.flat().filter(({ traceparent }) => traceparent)).toEqual([]);
  });

  it('a trace from outside goes on, is found by the request id of an error, and is on its log line', async () => {
    const traceId = 'a1b2c3d4e5f60718a1b2c3d4e5f60718';
    const traceparent = `00-${traceId}-0102030405060708-01`;
    const { body } = await stack.visitor().get<Problem>('/api/auth/me', { traceparent });
    const span = await collector.until((each) => each.attributes['entrada.request.id'] === body.requestId);
    expect(span).toMatchObject({ traceId, parentId: '0102030405060708', name: 'GET /api/auth/me' });
    const line = () =>
      stack.api.lines.find((each) => each.includes(body.requestId) && each.includes('"req"'));
    await expect
      .poll(() => JSON.parse(line() ?? '{}') as object)
      .toMatchObject({ trace_id: traceId, span_id: span.spanId });
  });

  it.each(['nonsense', '00-00000000000000000000000000000000-0102030405060708-01', '00-a1b2-0102-01'])(
    'traceparent %j begins a new trace',
    async (traceparent) => {
      const { status, body } = await stack.visitor().get<Problem>('/api/auth/me', { traceparent });
      expect(status).toBe(401);
      const span = await collector.until((each) => each.attributes['entrada.request.id'] === body.requestId);
      expect(span.parentId).toBe('');
    },
  );

  it('tells who it is, with the key that the collector wants, and the metrics of /metrics by their names', async () => {
    expect(collector.resources.at(-1)).toMatchObject({ 'service.name': 'entrada-under-test' });
    expect([...collector.keys]).toEqual(['key-of-the-collector']);
    await expect.poll(() => collector.metrics.has('entrada_generations_total')).toBe(true);
    // Of a process itself: no web server passes it on.
    const scraped = await (await fetch(`http://localhost:${stack.env.PORT}/metrics`)).text();
    const names = [...scraped.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect([...collector.metrics].toSorted()).toEqual(names.toSorted());
  });

  it('health checks and metrics leave no spans', async () => {
    for (const path of ['/api/health/live', '/api/health/ready', '/metrics']) await stack.visitor().get(path);
    await stack.visitor().get('/api/auth/methods');
    await collector.until(named('GET /api/auth/methods'));
    expect(collector.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  it('a collector that is gone is told of once in the log of each process, and missed by nobody', async () => {
    await collector.close();
    expect((await stack.visitor().get('/api/auth/methods')).status).toBe(200);
    const complaints = () => stack.api.lines.filter((line) => line.includes('telemetry was not delivered'));
    await expect.poll(complaints, { timeout: 20_000 }).toHaveLength(behindNginx ? 2 : 1);
    expect(complaints()[0]).not.toContain('key-of-the-collector');
    expect((await stack.visitor().get('/api/auth/methods')).status).toBe(200);
  });
});
