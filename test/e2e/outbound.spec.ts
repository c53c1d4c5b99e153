import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outboundFetch } from '#platform';

/** Against real servers, because what a client does with a redirect is the client's affair. */
describe('API-07: the door out', () => {
  const reached: string[] = [];
  let servers: Server[];
  let ours: string;
  beforeAll(async () => {
    const listen = async (server: Server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const evil = createServer((request, response) => {
      reached.push(`evil ${request.headers.authorization}`);
      response.end('{}');
    });
    const target = await listen(evil);
    const honest = createServer((request, response) => {
      reached.push(`ours ${request.url}`);
      const status = Number(request.url?.slice(1));
      if (status === 200) response.end('{}');
      // 0 is never answered.
      else if (status > 0) response.writeHead(status, { location: `${target}/?token` }).end();
    });
    ours = await listen(honest);
    servers = [evil, honest];
  });
  afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

  const door = (timeoutMs = 5_000) => outboundFetch({ origins: [ours], timeoutMs });
  const authorization = 'Bearer canary';

  it.each([301, 302, 303, 307, 308])('follows no %i, so the token stays here', async (status) => {
    await expect(
      door()(`${ours}/${status}`, { headers: { authorization }, redirect: 'follow' }),
    ).rejects.toThrow();
    expect(reached.filter((line) => line.startsWith('evil'))).toEqual([]);
    expect((await door()(`${ours}/200`)).status).toBe(200);
  });

  it('F6: does not wait for ever', async () => {
    await expect(door(200)(`${ours}/0`)).rejects.toThrow(/too long/);
  });
});
