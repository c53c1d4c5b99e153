import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createProxy } from './proxy.ts';
import type { EmulatorSettings } from './settings.ts';
import type { TlsMaterial } from './tls.ts';

/** https for servers, http for browsers and tests, a proxy for the Azure CLI; what comes through the proxy ends at `proxied`. */
export interface Doors {
  http: Server;
  https: Server;
  proxied: Server;
  proxy: Server;
  close(): Promise<void>;
}

/** A client's pool of connections would otherwise now and then meet one that is just being closed. */
const PATIENT = { keepAliveTimeout: 75_000 };

/** Doors are opened before anything stands behind them, because the answers name the ports. */
export async function openDoors(settings: EmulatorSettings, tls: TlsMaterial): Promise<Doors> {
  const credentials = { key: tls.key, cert: tls.cert };
  const http = createHttpServer(PATIENT);
  const https = createHttpsServer({ ...credentials, ...PATIENT });
  const proxied = createHttpsServer({ ...credentials, ...PATIENT });
  const proxy = createProxy(proxied);
  const closers = [http, https, proxied, proxy].map(closerOf);
  const close = async () => {
    await Promise.all(closers.map((closer) => closer()));
  };
  try {
    await listen(http, settings.host, settings.httpPort);
    await listen(https, settings.host, settings.httpsPort);
    await listen(proxy, settings.host, settings.proxyPort);
  } catch (error) {
    await close();
    throw explain(error as NodeJS.ErrnoException);
  }
  return { http, https, proxied, proxy, close };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve());
  });
}

/** Ends tunnels too, which the server itself no longer counts as its own. */
function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    });
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is taken',
  EACCES: 'may not be used by this account',
};

function explain(error: NodeJS.ErrnoException & { port?: number }): Error {
  const reason = REASONS[error.code ?? ''];
  return reason ? new Error(`The Azure emulator cannot start: port ${error.port} ${reason}.`) : error;
}
