/**
 * The parts of the local stack, each a process of its own: embedded Postgres, the Azure emulator, the API. The API is
 * configured for the emulator as it would be for a real tenant; it has no code of its own for it.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasAzureCli } from './azure-cli.ts';
import { type Child, type ChildRequest, startChild } from './child.ts';
import type { DataFolder } from './data-folder.ts';
import { step } from './progress.ts';
import { StopSentence } from './stop-sentence.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = (script: string): string => join(root, 'dist/apps', script);

const portFrom = (variable: string, standard: number): number => Number(process.env[variable] ?? standard);
export const ports = {
  public: portFrom('PORT', 3000),
  emulatorHttp: portFrom('EMULATOR_HTTP_PORT', 4010),
  emulatorHttps: portFrom('EMULATOR_HTTPS_PORT', 4011),
  emulatorProxy: portFrom('EMULATOR_PROXY_PORT', 4012),
  database: portFrom('DATABASE_PORT', 4013),
};
export const publicUrl = `http://localhost:${ports.public}`;

export interface EmulatorFacts {
  env: Record<string, string>;
  proxyUrl: string;
  caFile: string;
  people: { displayName: string; about: string }[];
}

const isReady = ({ ready }: Record<string, unknown>): boolean => ready === true;

export class Stack {
  private readonly children: Child[] = [];
  private isStopping = false;

  /** Database and emulator; returns what the emulator says of itself. */
  async startGround(data: DataFolder): Promise<EmulatorFacts> {
    const [, emulator] = await step('Starting the database and the Azure emulator', () =>
      Promise.all([
        this.begin({
          script: built('local/embedded-postgres.js'),
          args: [data.postgres, String(ports.database)],
          isReady,
        }),
        this.begin({
          script: built('azure-emulator/main.js'),
          env: {
            EMULATOR_HTTP_PORT: String(ports.emulatorHttp),
            EMULATOR_HTTPS_PORT: String(ports.emulatorHttps),
            EMULATOR_PROXY_PORT: String(ports.emulatorProxy),
            EMULATOR_DATA_DIR: data.emulator,
            EMULATOR_REDIRECT_URIS: `${publicUrl}/api/auth/callback,${publicUrl}/login`,
          },
          isReady,
        }),
      ]),
    );
    return emulator.ready as unknown as EmulatorFacts;
  }

  /** `watch` restarts it whenever its compiled files change. */
  async startApi(
    data: DataFolder,
    { env: azure, proxyUrl, caFile }: EmulatorFacts,
    { port, watch = false }: { port: number; watch?: boolean },
  ): Promise<void> {
    const withAzureCli = await hasAzureCli();
    const log = createWriteStream(data.apiLog, { flags: 'w', mode: 0o600 });
    await step('Starting the API', () =>
      this.begin({
        script: built('api/main.js'),
        nodeOptions: watch ? ['--watch-path', join(root, 'dist'), '--watch-preserve-output'] : [],
        env: {
          ...azure,
          PUBLIC_URL: publicUrl,
          HOST: '127.0.0.1',
          PORT: String(port),
          DATABASE_URL: `postgres://postgres@127.0.0.1:${ports.database}/postgres`,
          ENCRYPTION_KEYS: data.encryptionKeys,
          AUTH_METHODS: `authorization_code,device_code${withAzureCli ? ',azure_cli' : ''}`,
          SHUTDOWN_GRACE_SECS: '3',
          AZURE_CONFIG_BASE_DIR: data.azureCli,
          // For the Azure CLI alone, which cannot be given an authority with a port: the emulator is its proxy.
          HTTPS_PROXY: proxyUrl,
          REQUESTS_CA_BUNDLE: caFile,
        },
        isReady: ({ msg }) => msg === 'listening',
        onLine: (line) => log.write(`${line}\n`),
      }),
    );
  }

  /** In the order in which they lean on each other: the API first, the database last. Ends this process too. */
  async stop(complaint?: string): Promise<never> {
    if (this.isStopping) return new Promise(() => undefined);
    this.isStopping = true;
    if (complaint) console.error(complaint);
    for (const child of this.children.toReversed()) await child.stop();
    process.exit(complaint ? 1 : 0);
  }

  private async begin(request: ChildRequest): Promise<Child> {
    const child = await startChild(request);
    this.children.push(child);
    child.process.once('exit', (code) => {
      if (!this.isStopping)
        void this.stop(`A part of the stack ended by itself (exit code ${code}): ${request.script}`);
    });
    return child;
  }
}

/** Runs `work` until Ctrl-C; a failure becomes one sentence and exit code 1. */
export async function runStack(work: (stack: Stack) => Promise<void>): Promise<void> {
  const stack = new Stack();
  process.once('SIGINT', () => void stack.stop()).once('SIGTERM', () => void stack.stop());
  try {
    await work(stack);
  } catch (error) {
    await stack.stop(error instanceof StopSentence ? error.message : String(error));
  }
}
