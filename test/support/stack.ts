/** The product as its operators run it, for tests from outside: a database, a stand-in for Azure, the built API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Azure } from './azure.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { startNginx } from './nginx.ts';
import { type Started, startBuilt } from './process.ts';
import { startRedis } from './redis.ts';
import { Visitor } from './visitor.ts';

export interface Stack {
  url: string;
  azure: Azure;
  database: TestDatabase;
  /** The API's environment, to start a second one or to start it again. */
  env: Record<string, string>;
  api: Started;
  visitor(): Visitor;
  restartApi(signal?: NodeJS.Signals, changes?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

/** The same tests, through the web server that stands in front of the API in an installation by containers. */
export const behindNginx = process.env.TEST_BEHIND_NGINX === 'true';

export const startApi = (env: Record<string, string>, folder = '.'): Promise<Started> =>
  startBuilt('api/main.js', { env, folder, isReady: ({ msg }) => msg === 'listening' });

export async function startStack(
  changes: Record<string, string> = {},
  /** For what a web server in front would decide itself, and what one process is told of alone. */
  { isDirect = false, database: given }: { isDirect?: boolean; database?: TestDatabase } = {},
): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'entrada-test-'));
  const port = await freePort();
  const own = `http://localhost:${port}`;
  const publicUrl = changes.PUBLIC_URL ?? own;
  // Where somebody else stands in front under a name that leads there, visitors come by that name.
  const url = publicUrl.startsWith('http://localhost') ? publicUrl : own;
  const [database, emulator, front] = await Promise.all([
    given ?? createTestDatabase(),
    startEmulator(folder, publicUrl),
    behindNginx && !isDirect ? startFront(port) : null,
  ]);
  const azureEnv = emulator.ready.env as Record<string, string>;
  const ports = front?.apiPorts ?? [port];
  const env = {
    ...azureEnv,
    PUBLIC_URL: publicUrl,
    PORT: String(ports[0]),
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: 'test:3q2+796tvu/erb7v3q2+796tvu/erb7vAQIDBAUGBwg=',
    AUTH_METHODS: 'authorization_code,device_code',
    // For the Azure CLI alone: whatever else went through this proxy would reach nobody but the emulated Microsoft.
    HTTPS_PROXY: String(emulator.ready.proxyUrl),
    REQUESTS_CA_BUNDLE: String(emulator.ready.caFile),
    AZURE_CONFIG_BASE_DIR: join(folder, 'azure'),
    LOG_LEVEL: 'debug',
    SHUTDOWN_GRACE_SECS: '1',
    ...front?.env,
    ...changes,
  };
  const startProcesses = async (more: Record<string, string> = {}) =>
    together(await Promise.all(ports.map((each) => startApi({ ...env, PORT: String(each), ...more }))));
  const stack: Stack = {
    url,
    azure: new Azure(String(emulator.ready.httpUrl)),
    database,
    env,
    api: await startProcesses(),
    visitor: () => new Visitor(url, url, front?.untilHeard),
    async restartApi(signal = 'SIGTERM', more = {}) {
      await stack.api.stop(signal);
      stack.api = await startProcesses(more);
    },
    async stop() {
      await stack.api.stop();
      await front?.stop();
      await emulator.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stack;
}

/** What an installation by containers has besides: a web server, two processes behind it, a Redis between them. */
async function startFront(port: number) {
  const apiPorts = [await freePort(), await freePort()];
  const [redis, nginx] = await Promise.all([startRedis(), startNginx(port, apiPorts)]);
  return {
    apiPorts,
    env: { TRUSTED_PROXIES: '127.0.0.1', REDIS_URL: redis.url },
    untilHeard: () => untilHeard(apiPorts),
    stop: async () => void (await Promise.all([redis.stop(), nginx.stop()])),
  };
}

/**
 * Each process has one connection to Redis, where everything stays in order, and counts each request there before it
 * answers. So once all have answered, what they said before has been passed on; once they have answered again, it is heard.
 */
async function untilHeard(ports: readonly number[]): Promise<void> {
  for (let round = 0; round < 2; round += 1)
    // Who is not there need not hear.
    await Promise.allSettled(
      ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/api/health/live`)).text()),
    );
}

/** Several processes as one. */
function together(processes: Started[]): Started {
  const [first] = processes;
  if (!first || processes.length === 1) return first!;
  return {
    ...first,
    get lines() {
      return processes.flatMap(({ lines }) => lines);
    },
    stop: async (signal) => void (await Promise.all(processes.map((each) => each.stop(signal)))),
  };
}

export const startEmulator = (folder: string, url: string): Promise<Started> =>
  startBuilt('azure-emulator/main.js', {
    env: {
      EMULATOR_HTTP_PORT: '0',
      EMULATOR_HTTPS_PORT: '0',
      EMULATOR_PROXY_PORT: '0',
      EMULATOR_DATA_DIR: folder,
      EMULATOR_REDIRECT_URIS: `${url}/api/auth/callback,${url}/login`,
    },
    isReady: ({ ready }) => ready === true,
  });

export { freePort };
