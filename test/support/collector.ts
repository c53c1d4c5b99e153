/** An OpenTelemetry collector: takes OTLP over HTTP as protobuf, and says what came. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  attributes: Record<string, string>;
}

export interface Collector {
  /** For the environment of a process that tells it. */
  env: Record<string, string>;
  spans: CollectedSpan[];
  /** Names of the metrics that came. */
  metrics: Set<string>;
  /** What OTEL_EXPORTER_OTLP_HEADERS brought along. */
  keys: Set<string>;
  /** Attributes of who sends. */
  resources: Record<string, string>[];
  /** Every byte that came, as text. */
  readonly text: string;
  /** The first span that is so, as soon as it is here. */
  until(matches: (span: CollectedSpan) => boolean): Promise<CollectedSpan>;
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    bodies.push(body);
    collector.keys.add(String(request.headers['x-key']));
    for (const each of repeated(read(body), 1)) {
      collector.resources.push(attributesOf(only(read(each), 1)));
      for (const scope of repeated(read(each), 2)) {
        for (const item of repeated(read(scope), 2)) {
          if (request.url === '/v1/traces') collector.spans.push(spanOf(item));
          else collector.metrics.add(textOf(read(item), 1));
        }
      }
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=key-of-the-collector',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    },
    spans: [],
    metrics: new Set(),
    keys: new Set(),
    resources: [],
    get text() {
      return Buffer.concat(bodies).toString('utf8');
    },
    async until(matches) {
      await expect.poll(() => collector.spans.find(matches), { timeout: 10_000 }).toBeDefined();
      return collector.spans.find(matches)!;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return collector;
}

/** Fields of a protobuf message by their number; groups, which nobody writes any more, are not read. */
type Message = Map<number, (Buffer | bigint)[]>;

function read(bytes: Buffer): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    const value =
      kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    message.set(tag >> 3, [...(message.get(tag >> 3) ?? []), value]);
  }
  return message;
}

const repeated = (message: Message, field: number): Buffer[] => (message.get(field) ?? []) as Buffer[];
const only = (message: Message, field: number): Buffer => repeated(message, field)[0] ?? Buffer.alloc(0);
const textOf = (message: Message, field: number): string => only(message, field).toString('utf8');
const hexOf = (message: Message, field: number): string => only(message, field).toString('hex');

/** `KeyValue { key = 1, value = 2 }`; of an `AnyValue` the text (1) or the whole number (3). */
const attributes = (pairs: Buffer[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map(read).map((pair) => {
      const value = read(only(pair, 2));
      return [textOf(pair, 1), value.has(1) ? textOf(value, 1) : String(value.get(3)?.[0] ?? '')];
    }),
  );
const attributesOf = (resource: Buffer) => attributes(repeated(read(resource), 1));

function spanOf(bytes: Buffer): CollectedSpan {
  const span = read(bytes);
  return {
    traceId: hexOf(span, 1),
    spanId: hexOf(span, 2),
    parentId: hexOf(span, 4),
    name: textOf(span, 5),
    attributes: attributes(repeated(span, 9)),
  };
}
