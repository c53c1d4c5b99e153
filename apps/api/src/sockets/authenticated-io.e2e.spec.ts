import type { INestApplication } from '@nestjs/common';
import { io } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { AuthConfig, Authenticator } from '#auth';
import { AddressLimitGuard } from '#platform';
import { freePort } from '../../../../test/support/free-port.ts';
import { Draining } from '../processes/draining.ts';
import { AuthenticatedIoAdapter } from './authenticated-io.adapter.ts';

const publicUrl = 'http://localhost';

/** What a client is told whose session could not be looked up for that reason. */
async function refusalAfter(failure: unknown): Promise<string | undefined> {
  const parts = new Map<unknown, unknown>([
    [AuthConfig, { publicUrl, isHttps: false }],
    [Authenticator, { authenticate: () => Promise.reject(failure) }],
    [Draining, { refusesSockets: false }],
    [AddressLimitGuard, { admits: () => Promise.resolve(true) }],
  ]);
  const app = { get: (token: unknown) => parts.get(token) } as INestApplication;
  const port = await freePort();
  const server = new AuthenticatedIoAdapter(app, []).createIOServer(port);
  const client = io(`http://localhost:${port}/chat`, {
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { origin: publicUrl },
  });
  const error = await new Promise<Error & { data?: { code?: string } }>((resolve) =>
    client.once('connect_error', resolve),
  );
  client.close();
  await server.close();
  return error.data?.code;
}

describe('a handshake that fails', () => {
  it('F1: says so when the database is away, as every other answer does', async () => {
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(await refusalAfter(gone)).toBe('service_unavailable');
  });

  it('LOG-05: tells nothing of what it does not understand', async () => {
    expect(await refusalAfter(new Error('canary'))).toBe('internal');
  });
});
