/** Speaks Azure OpenAI's streaming chat completions on the wire, well or badly, as each test scripts it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Wire } from './wire.ts';

interface Received {
  path: string;
  authorization: string | undefined;
  headers: IncomingMessage['headers'];
  body: Wire;
  closedAt: number | null;
}
type Reply = (response: ServerResponse, request: Received) => void | Promise<void>;

const chunk = (fields: object): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', ...fields })}\n\n`;
export const textChunk = (content: string): string =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
export const finishChunk = (reason: string, more: object = {}): string =>
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason, ...more }] });
export const usageChunk = (input: number, output: number): string =>
  chunk({
    choices: [],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  });
export const done = 'data: [DONE]\n\n';
/** A piece that waits until the test lets the stream go on. */
export function halt(): { halted: Promise<void>; goOn(): void } {
  let goOn = (): void => undefined;
  const halted = new Promise<void>((resolve) => (goOn = resolve));
  return { halted, goOn };
}
/** Azure begins with the filter's verdict on the prompt, without a choice. */
const promptVerdict = chunk({
  choices: [],
  prompt_filter_results: [
    { prompt_index: 0, content_filter_results: { hate: { filtered: false, severity: 'safe' } } },
  ],
});

/** A number is a pause in milliseconds, a promise one until it is kept. */
export const streamed =
  (...pieces: (string | Buffer | number | Promise<void>)[]): Reply =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) {
      if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece));
      else if (piece instanceof Promise) await piece;
      else response.write(piece);
    }
    response.end();
  };
/** Sends the pieces, and then nothing, without ending. */
export const stalled =
  (...pieces: string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    for (const piece of pieces) response.write(piece);
  };
export const cutAfter =
  (...pieces: string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    setTimeout(() => response.destroy(), 20);
  };
export const refused =
  (status: number, error: object | string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof error === 'string' ? error : JSON.stringify({ error }));
  };
export const answered = streamed(
  promptVerdict,
  textChunk('Hel'),
  textChunk('lo'),
  finishChunk('stop'),
  usageChunk(5, 2),
  done,
);

export async function startAzure() {
  const received: Received[] = [];
  let replies: Reply[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const entry: Received = {
        path: request.url ?? '',
        authorization: request.headers.authorization,
        headers: request.headers,
        body: JSON.parse(Buffer.concat(pieces).toString() || 'null'),
        closedAt: null,
      };
      received.push(entry);
      response.on('close', () => (entry.closedAt = performance.now()));
      const reply = replies.shift() ?? answered;
      void reply(response, entry);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** One reply for each request to come; after them an ordinary answer. */
    will(...next: Reply[]) {
      received.length = 0;
      replies = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
export type AzureStandIn = Awaited<ReturnType<typeof startAzure>>;
