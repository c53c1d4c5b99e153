import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
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

/** Doors are opened before anything stands behind them, because the answers name the ports. */
export async function openDoors(settings: EmulatorSettings, tls: TlsMaterial): Promise<Doors> {
  const credentials = { key: tls.key, cert: tls.cert };
  const http = createHttpServer();
  const https = createHttpsServer(credentials);
  const proxied = createHttpsServer(credentials);
  const proxy = createProxy(proxied);
  const close = async () => {
    await Promise.all([http, https, proxied, proxy].map(closeServer));
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

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
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
