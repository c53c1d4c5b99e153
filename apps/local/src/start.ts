/**
 * `npm start`: the whole stack on one machine, without Azure, Docker, a database or root. Embedded Postgres, the Azure
 * emulator and the API with the web app, each a process of its own; the API is configured for the emulator as it would
 * be for a real tenant.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildServer, buildWeb } from './build.ts';
import { type Child, startChild } from './child.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { requireFreePort } from './free-port.ts';
import { step } from './progress.ts';
import { StopSentence } from './stop-sentence.ts';
import { welcome } from './welcome.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = (script: string): string => join(root, 'dist/apps', script);
const portFrom = (variable: string, standard: number): number => Number(process.env[variable] ?? standard);

const ports = {
  public: portFrom('PORT', 3000),
  database: portFrom('DATABASE_PORT', 4013),
  emulatorHttp: portFrom('EMULATOR_HTTP_PORT', 4010),
  emulatorHttps: portFrom('EMULATOR_HTTPS_PORT', 4011),
  emulatorProxy: portFrom('EMULATOR_PROXY_PORT', 4012),
};
const publicUrl = `http://localhost:${ports.public}`;

interface EmulatorFacts {
  env: Record<string, string>;
  people: { displayName: string; mail: string; about: string }[];
}

const running: Child[] = [];
let isStopping = false;

async function begin(request: Parameters<typeof startChild>[0]): Promise<Child> {
  const child = await startChild(request);
  running.push(child);
  child.process.once('exit', (code) => {
    if (!isStopping) void stop(`A part of the stack ended by itself (exit code ${code}): ${request.script}`);
  });
  return child;
}

const startDatabase = (data: DataFolder) =>
  begin({
    script: built('local/embedded-postgres.js'),
    args: [data.postgres, String(ports.database)],
    isReady: ({ ready }) => ready === true,
  });

const startEmulator = (data: DataFolder) =>
  begin({
    script: built('azure-emulator/main.js'),
    env: {
      EMULATOR_HTTP_PORT: String(ports.emulatorHttp),
      EMULATOR_HTTPS_PORT: String(ports.emulatorHttps),
      EMULATOR_PROXY_PORT: String(ports.emulatorProxy),
      EMULATOR_DATA_DIR: data.emulator,
      EMULATOR_REDIRECT_URIS: `${publicUrl}/api/auth/callback`,
    },
    isReady: ({ ready }) => ready === true,
  });

function startApi(data: DataFolder, azure: Record<string, string>): Promise<Child> {
  const log = createWriteStream(data.apiLog, { flags: 'w', mode: 0o600 });
  return begin({
    script: built('api/main.js'),
    env: {
      ...azure,
      PUBLIC_URL: publicUrl,
      PORT: String(ports.public),
      HOST: '127.0.0.1',
      DATABASE_URL: `postgres://postgres@127.0.0.1:${ports.database}/postgres`,
      ENCRYPTION_KEYS: data.encryptionKeys,
      AUTH_METHODS: 'authorization_code,device_code',
    },
    isReady: ({ msg }) => msg === 'listening',
    onLine: (line) => log.write(`${line}\n`),
  });
}

async function start(): Promise<void> {
  console.log('Entrada, local stack\n');
  await requireFreePort(ports.public, 'PORT', 'the web page');
  const data = openDataFolder(process.env.DATA_DIR ?? join(root, 'data'));
  await buildServer(root);
  await buildWeb(root);
  const [, emulator] = await step('Starting the database and the Azure emulator', () =>
    Promise.all([startDatabase(data), startEmulator(data)]),
  );
  const { env, people } = emulator.ready as unknown as EmulatorFacts;
  await step('Starting the API', () => startApi(data, env));
  console.log(welcome({ publicUrl, people, logFile: data.apiLog }));
}

/** In the order in which they lean on each other: the API first, the database last. */
async function stop(complaint?: string): Promise<never> {
  if (isStopping) return new Promise(() => undefined);
  isStopping = true;
  if (complaint) console.error(complaint);
  for (const child of running.reverse()) await child.stop();
  process.exit(complaint ? 1 : 0);
}

process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop());
await start().catch((error: unknown) => stop(error instanceof StopSentence ? error.message : String(error)));
