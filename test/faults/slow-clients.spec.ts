/** Clients that hold connections and say nothing, or say it letter by letter. All at once, for each of them takes its time. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { hasNginx, startNginx, type WebServer } from '../support/nginx.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const each = 40;
const letterEveryMs = 400;
/** On top of what the server grants: it looks once a second, and the machine may be busy. */
const slackSeconds = 6;

interface Slow {
  seconds: number;
  answer: string;
}

/** Sends `beginning` and then a letter now and then until the server hangs up. */
function slowly(url: string, beginning: string, letter = ''): Promise<Slow> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  return new Promise((resolve) => {
    let answer = '';
    const socket: Socket = connect(Number(port), hostname, () => socket.write(beginning));
    const writing = setInterval(() => letter && socket.write(letter), letterEveryMs);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      // RFC 6455 5.5.1: the server has closed it, and waits a while for our goodbye.
      if (chunk[0] === 0x88) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(writing);
      resolve({ seconds: (performance.now() - begun) / 1000, answer });
    });
  });
}
const many = (start: () => Promise<Slow>) => Promise.all(Array.from({ length: each }, start));
const longest = (slow: Slow[]) => Math.max(...slow.map(({ seconds }) => seconds));

describe('F25: slow clients', () => {
  let stack: Stack;
  let uma: Visitor;
  let nginx: WebServer | null = null;
  let front = '';
  beforeAll(async () => {
    stack = await startStack({}, { isDirect: true });
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    if (!hasNginx) return;
    const port = await freePort();
    nginx = await startNginx(port, [Number(new URL(stack.url).port)]);
    front = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await nginx?.stop();
    await stack.stop();
  });

  const open = () => uma.get('/api/chat/conversations');

  it.concurrent('who sends headers letter by letter has ten seconds', async () => {
    const slow = await many(() => slowly(stack.url, 'GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'a'));
    expect(longest(slow)).toBeLessThan(10 + slackSeconds);
    expect(slow.every(({ answer }) => answer === '' || answer.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  it.concurrent('who connects and says nothing has them as well', async () => {
    expect(longest(await many(() => slowly(stack.url, '')))).toBeLessThan(10 + slackSeconds);
  });

  it.concurrent('who sends a body letter by letter has twenty', async () => {
    const head = 'POST /api/auth/device HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const slow = await many(() => slowly(stack.url, `${head}Content-Length: 100000\r\n\r\n{"a":"`, 'a'));
    expect(longest(slow)).toBeLessThan(20 + slackSeconds);
  });

  it.concurrent('who opens a live connection and does not say who they are has ten', async () => {
    const upgrade = [
      'GET /socket.io?EIO=4&transport=websocket HTTP/1.1',
      `Host: ${new URL(stack.url).host}`,
      `Origin: ${stack.url}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const slow = await many(() => slowly(stack.url, `${upgrade.join('\r\n')}\r\n\r\n`));
    expect(slow.every(({ answer }) => answer.startsWith('HTTP/1.1 101'))).toBe(true);
    expect(longest(slow)).toBeLessThan(10 + slackSeconds);
  });

  it.skipIf(!hasNginx)('the web server in front gives no more', { concurrent: true }, async () => {
    const [headers, silent] = await Promise.all([
      many(() => slowly(front, 'GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'a')),
      many(() => slowly(front, '')),
    ]);
    expect(longest([...headers, ...silent])).toBeLessThan(10 + slackSeconds);
  });

  it.concurrent('meanwhile everybody else is answered, and nothing is left of it', async () => {
    const times: number[] = [];
    const until = performance.now() + 8_000;
    while (performance.now() < until) {
      const begun = performance.now();
      expect((await open()).status).toBe(200);
      if (front) expect((await fetch(`${front}/api/health`)).status).toBe(200);
      times.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(1_000);
    expect(stack.api.process.exitCode).toBeNull();
  });
});
