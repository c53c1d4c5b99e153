/**
 * An answer on its way to the screen. How much later its first word comes than from Azure itself; what passing it on costs
 * beside the Vercel AI SDK and a bare pipe, from the same upstream; and whether two hundred at once flow evenly. Ours
 * numbers and keeps every delta meanwhile and writes the text to Postgres; the others do not.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import type { Socket } from 'socket.io-client';
import type { GenerationDelta, GenerationFinished } from '#contracts';
import { crowdOf } from './support/crowd.ts';
import { median, percentile, report } from './bench.ts';
import { startMeasuredApi } from './support/measured-api.ts';
import { type MeasuredProcess, startMeasured } from './support/measured-process.ts';
import { installPeers, peer } from './support/peers.ts';
import { openTabs } from './support/tabs.ts';

const streams = Number(process.env.BENCH_STREAMS ?? 200);
const compared = Math.min(50, streams);
const deltas = 300;
const deltaMs = 20;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const firsts = Number(process.env.BENCH_FIRSTS ?? 100);

installPeers();
const upstream = await startMeasured([peer('upstream')], {
  DELTAS: String(deltas),
  DELTA_MS: String(deltaMs),
});
const passing = { UPSTREAM_URL: `http://127.0.0.1:${upstream.port}` };
const [sdk, pipe] = await Promise.all([
  startMeasured([peer('stream-ai-sdk')], passing),
  startMeasured([peer('stream-pipe')], passing),
]);

async function newConversations(
  databaseUrl: string,
  owners: readonly { userId: string }[],
): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const ids = owners.map(() => randomUUID());
  await client.query(
    `INSERT INTO conversations (id, user_id, model, created_at, updated_at)
     SELECT id, user_id, 'gpt-4o', now(), now() FROM unnest($1::uuid[], $2::uuid[]) AS c (id, user_id)`,
    [ids, owners.map(({ userId }) => userId)],
  );
  await client.end();
  return ids;
}

const sendIn = (tab: Socket, conversationId: string): Promise<{ ok: boolean }> =>
  tab.timeout(20_000).emitWithAck('message:send', {
    conversationId,
    content: 'Hello',
    clientMessageId: randomUUID(),
  }) as Promise<{ ok: boolean }>;

/** The first piece of text that is not empty. */
async function firstFromAzure(url: string, token: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], stream: true }),
  });
  let first = Number.NaN;
  const decoder = new TextDecoder();
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>)
    if (Number.isNaN(first) && /"content":"[^"]/.test(decoder.decode(piece)))
      first = performance.now() - start;
  return first;
}

async function firstFromUs(tab: Socket, conversationId: string): Promise<number> {
  const start = performance.now();
  const finished = once(tab as never, 'generation:finished');
  const delta = once(tab as never, 'generation:delta').then(() => performance.now() - start);
  if (!(await sendIn(tab, conversationId)).ok) throw new Error('a message was refused');
  const first = await delta;
  await finished;
  return first;
}

async function timesToFirstWord(): Promise<{ azure: number[]; ours: number[] }> {
  const api = await startMeasuredApi();
  const crowd = await crowdOf(api, 4);
  const tabs = await openTabs(crowd, api.url);
  await api.azure.set({ openai: { firstDeltaMs: 30, deltaMs: 0 } });
  const { AZURE_OPENAI_ENDPOINT = '', AZURE_OPENAI_API_VERSION = '2024-10-21' } = process.env;
  const url = `${AZURE_OPENAI_ENDPOINT}/openai/deployments/gpt-4o/chat/completions?api-version=${AZURE_OPENAI_API_VERSION}`;
  const { access_token: token = '' } = await api.azure.tokensFor(
    'uma',
    'https://cognitiveservices.azure.com/.default',
  );
  const [azure, ours]: number[][] = [[], []];
  for (let count = -10; count < firsts; count += 1) {
    const index = (count + 10) % crowd.length;
    const [conversation = ''] = await newConversations(api.databaseUrl, [crowd[index]!]);
    const one = await firstFromAzure(url, token);
    const other = await firstFromUs(tabs[index]!, conversation);
    if (count < 0) continue;
    azure!.push(one);
    ours!.push(other);
  }
  for (const tab of tabs) tab.close();
  await api.stop();
  return { azure: azure!, ours: ours! };
}

/** Reads a response to its end; how many pieces of text it held. */
async function readStream(url: string): Promise<number> {
  const response = await fetch(url, { method: 'POST' });
  let found = 0;
  const decoder = new TextDecoder();
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>)
    found += decoder.decode(piece).split(' word').length - 1;
  return found;
}

const first = await timesToFirstWord();
const api = await startMeasuredApi({ AZURE_OPENAI_ENDPOINT: passing.UPSTREAM_URL });
const crowd = await crowdOf(api, streams);
const tabs = await openTabs(crowd, api.url);

/** One answer for each of the first `count` people, all at once; the gaps between what arrives, in milliseconds. */
async function answersFor(count: number): Promise<{ delivered: number; gaps: number[] }> {
  const conversations = await newConversations(api.databaseUrl, crowd.slice(0, count));
  const gaps: number[] = [];
  let delivered = 0;
  const all = conversations.map(async (conversation, index) => {
    const tab = tabs[index]!;
    // Nobody asks in the same millisecond: they all run at once from the second second on.
    await wait(index * 10);
    let last: number | null = null;
    let next = 1;
    const onDelta = ({ seq }: GenerationDelta) => {
      const now = performance.now();
      if (seq !== next) throw new Error(`delta ${seq} came instead of ${next}`);
      next += 1;
      delivered += 1;
      if (last !== null) gaps.push(now - last);
      last = now;
    };
    tab.on('generation:delta', onDelta);
    const finished = once(tab as never, 'generation:finished') as Promise<[GenerationFinished]>;
    if (!(await sendIn(tab, conversation)).ok) throw new Error('a message was refused');
    const [{ status }] = await finished;
    if (status !== 'done') throw new Error(`an answer ended ${status}`);
    tab.off('generation:delta', onDelta);
  });
  await Promise.all(all);
  return { delivered, gaps };
}

async function readAll(server: MeasuredProcess): Promise<number> {
  const counts = await Promise.all(Array.from({ length: compared }, () => readStream(server.url)));
  return counts.reduce((sum, count) => sum + count, 0);
}

const contenders = [
  { name: 'Entrada', server: api, run: async () => (await answersFor(compared)).delivered },
  { name: 'Vercel AI SDK, `streamText`', server: sdk, run: () => readAll(sdk) },
  { name: '`node:http`, piped', server: pipe, run: () => readAll(pipe) },
];
const costs = contenders.map((): number[] => []);
for (let round = -1; round < rounds; round += 1)
  for (const [index, { name, server, run }] of contenders.entries()) {
    const before = server.cpuMs();
    const delivered = await run();
    if (delivered !== compared * deltas) throw new Error(`${name} delivered ${delivered} deltas`);
    if (round >= 0) costs[index]?.push(((server.cpuMs() - before) / delivered) * 1000);
  }

const { gaps } = await answersFor(streams);
for (const tab of tabs) tab.close();
for (const { server } of contenders) await server.stop();
await upstream.stop();

const added = median(first.ours) - median(first.azure);
const [ours = Number.NaN, theirs = Number.NaN, piped = Number.NaN] = costs.map(median);
report({
  title: 'Streaming',
  columns: ['', 'Measured'],
  rows: [
    ['first word from the emulator itself, p50, ms', median(first.azure).toFixed(1)],
    ['first word on our screen, p50, ms', median(first.ours).toFixed(1)],
    ...contenders.map(({ name }, index) => [
      `${name}: processor ms per 1 000 deltas, ${compared} streams`,
      median(costs[index] ?? []).toFixed(1),
    ]),
    [`gap between two deltas, ${streams} streams at 50 a second, p50, ms`, percentile(gaps, 0.5).toFixed(1)],
    ['the same, p99, ms', percentile(gaps, 0.99).toFixed(1)],
    ['ours / a bare pipe', (ours / piped).toFixed(2)],
  ],
  aims: [
    { what: 'added time to the first word, p50, ms', value: added, atMost: 5 },
    { what: 'processor time, ours / AI SDK', value: ours / theirs, atMost: 1 },
    { what: `p99 gap of ${streams} streams, ms`, value: percentile(gaps, 0.99), atMost: 150 },
  ],
});
