/**
 * The first job of an installation by containers (docker-compose.yml, service `prepare`): provides the secrets, then
 * waits for the certificate of a stand-in for Azure, if one is used. Runs again at each `docker compose up`.
 */
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EnvironmentError, type EnvironmentFault, platformEnvironment, readSlice } from '#platform';
import { provideSecrets } from './first-secrets.ts';

/**
 * Accounts of the images: `node` for the API, `nginx` for the web server, `postgres` for the database, whose first start
 * runs deploy/postgres as that account.
 */
const accounts = { api: 1000, web: 101, database: 999 };
const waitSeconds = 60;

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: '/secrets' },
    'database-host': { type: 'string', default: 'postgres' },
    'wait-for': { type: 'string', default: '' },
    /** Files belong to whoever runs this; for a try without root. */
    'own-files': { type: 'boolean', default: false },
  },
});

function publicUrl(): string {
  const { title, variables } = platformEnvironment;
  const faults: EnvironmentFault[] = [];
  const { PUBLIC_URL } = readSlice(
    { title, variables: variables.pick({ PUBLIC_URL: true }) },
    process.env,
    faults,
  );
  if (faults.length > 0) throw new EnvironmentError(faults);
  return PUBLIC_URL;
}

const given = (variable: string): string | undefined => process.env[variable]?.trim() || undefined;
const reader = (name: string, account: number | null) => ({
  folder: `${options.folder}/${name}`,
  account: options['own-files'] ? null : account,
});

async function waitFor(path: string): Promise<void> {
  for (let seconds = 0; !existsSync(path); seconds += 1) {
    if (seconds === waitSeconds) throw new Error(`${path} has not appeared within ${waitSeconds} s`);
    await wait(1_000);
  }
}

try {
  const written = await provideSecrets(
    {
      api: reader('api', accounts.api),
      migrations: reader('migrations', accounts.api),
      database: reader('database', accounts.database),
      web: reader('web', accounts.web),
    },
    {
      publicUrl: publicUrl(),
      databaseHost: options['database-host'],
      clientSecret: given('AZURE_CLIENT_SECRET'),
      encryptionKeys: given('ENCRYPTION_KEYS'),
      metricsToken: given('METRICS_TOKEN'),
    },
  );
  console.log(written.length > 0 ? `Written: ${written.join(', ')}` : 'All secrets are there.');
  if (options['wait-for']) await waitFor(options['wait-for']);
} catch (error) {
  console.error(`The installation could not be prepared. ${(error as Error).message}`);
  process.exitCode = 1;
}
