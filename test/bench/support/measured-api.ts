/** The built API in one process, as in production but for the emulated Azure, on a database of its own. */
import { randomBytes } from 'node:crypto';
import { Azure } from '../../support/azure.ts';
import { createTestDatabase } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import { Visitor } from '../../support/visitor.ts';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';

export const encryptionKey = { id: 'bench', key: randomBytes(32) };

export interface MeasuredApi extends MeasuredProcess {
  azure: Azure;
  databaseUrl: string;
  signedIn(person?: string): Promise<Visitor>;
}

/** What the runner's emulator is to the API is in this process's environment. */
export async function startMeasuredApi(
  changes: Record<string, string> = {},
  nodeArgs: string[] = [],
): Promise<MeasuredApi> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const azure = new Azure(process.env.EMULATOR_URL ?? '');
  await azure.reset();
  await azure.set({ registration: { redirectUris: [`${url}/api/auth/callback`] } });
  const database = await createTestDatabase();
  const api = await startMeasured(
    ['--enable-source-maps', ...nodeArgs, 'dist/apps/api/main.js'],
    {
      PUBLIC_URL: url,
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: `${encryptionKey.id}:${encryptionKey.key.toString('base64')}`,
      AUTH_METHODS: 'authorization_code',
      DEFAULT_ROLE: 'user',
      // The load comes from many addresses, as it would through a web server in front.
      TRUSTED_PROXIES: '127.0.0.1',
      SHUTDOWN_GRACE_SECS: '1',
      ...changes,
    },
    { port, log: process.env.BENCH_API_LOG ?? '/dev/null' },
  );
  return {
    ...api,
    azure,
    databaseUrl: database.url,
    async signedIn(person = 'uma') {
      const visitor = new Visitor(url);
      await visitor.signIn(azure, person);
      return visitor;
    },
    async stop() {
      await api.stop();
      await database.close();
    },
  };
}
