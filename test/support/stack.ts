/** The product as its operators run it, for tests from outside: a database, a stand-in for Azure, the built API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Azure } from './azure.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Started, startBuilt } from './process.ts';
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

export const startApi = (env: Record<string, string>): Promise<Started> =>
  startBuilt('api/main.js', { env, isReady: ({ msg }) => msg === 'listening' });

export async function startStack(changes: Record<string, string> = {}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'entrada-test-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const [database, emulator] = await Promise.all([createTestDatabase(), startEmulator(folder, url)]);
  const azureEnv = emulator.ready.env as Record<string, string>;
  const env = {
    ...azureEnv,
    PUBLIC_URL: url,
    PORT: String(port),
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: 'test:3q2+796tvu/erb7v3q2+796tvu/erb7vAQIDBAUGBwg=',
    AUTH_METHODS: 'authorization_code,device_code',
    // For the Azure CLI alone: whatever else went through this proxy would reach nobody but the emulated Microsoft.
    HTTPS_PROXY: String(emulator.ready.proxyUrl),
    REQUESTS_CA_BUNDLE: String(emulator.ready.caFile),
    AZURE_CONFIG_BASE_DIR: join(folder, 'azure'),
    LOG_LEVEL: 'debug',
    ...changes,
  };
  const stack: Stack = {
    url,
    azure: new Azure(String(emulator.ready.httpUrl)),
    database,
    env,
    api: await startApi(env),
    visitor: () => new Visitor(url),
    async restartApi(signal = 'SIGTERM', more = {}) {
      await stack.api.stop(signal);
      stack.api = await startApi({ ...env, ...more });
    },
    async stop() {
      await stack.api.stop();
      await emulator.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stack;
}

const startEmulator = (folder: string, url: string): Promise<Started> =>
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

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
