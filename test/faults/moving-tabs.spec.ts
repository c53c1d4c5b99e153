import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { freePort } from '../support/free-port.ts';
import { hasNginx, startNginx, type WebServer } from '../support/nginx.ts';
import { type Processes, startTwo } from '../support/processes.ts';
import { noRedis } from '../support/redis.ts';
import type { Visitor } from '../support/visitor.ts';

/** So long a process that ends waits before it listens no more. */
const noticeMs = 2_000;

describe.skipIf(noRedis || !hasNginx)('the tabs of a process that ends, behind nginx', () => {
  let two: Processes;
  let nginx: WebServer;
  let uma: Visitor;
  beforeAll(async () => {
    const port = await freePort();
    two = await startTwo({ PUBLIC_URL: `http://localhost:${port}`, SHUTDOWN_GRACE_SECS: '10' });
    nginx = await startNginx(
      port,
      [two.one, two.other].map(({ url }) => Number(new URL(url).port)),
    );
    uma = two.stack.visitor();
    await uma.signIn(two.stack.azure, 'uma');
  });
  afterAll(async () => {
    await nginx?.stop();
    await two?.stop();
  });

  it('F17: are on another one at once, without being refused', async () => {
    const tab = io(`${uma.url}/chat`, {
      path: '/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 40,
      auth: { csrfToken: uma.csrfToken },
      extraHeaders: { cookie: uma.cookieHeader, origin: uma.origin },
    });
    let [leftAt, longestMs, moves, refusals] = [0, 0, 0, 0];
    tab.on('disconnect', () => (leftAt = performance.now()));
    tab.io.on('reconnect_error', () => (refusals += 1));
    tab.on('connect', () => {
      if (leftAt === 0) return;
      moves += 1;
      longestMs = Math.max(longestMs, performance.now() - leftAt);
    });
    await expect.poll(() => tab.connected, { timeout: 10_000 }).toBe(true);
    for (const api of [two.one, two.other]) await api.restart('SIGTERM');
    await expect.poll(() => tab.connected, { timeout: 10_000 }).toBe(true);
    tab.close();
    expect(moves).toBeGreaterThan(0);
    expect({ refusals, isLong: longestMs > noticeMs }, `${longestMs} ms`).toEqual({
      refusals: 0,
      isLong: false,
    });
  });
});
