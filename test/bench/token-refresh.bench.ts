/**
 * What a refresh costs beside a token from the vault, and how quickly a crowd’s tokens are refreshed: MSAL, the
 * verification of the ID token and Postgres as in production, against an emulator that takes its time.
 */
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Clock } from '#platform';
import { EntraClient } from '../../libs/auth/src/entra/entra-client.ts';
import { EntraFetch } from '../../libs/auth/src/entra/entra-fetch.ts';
import { EntraMetadataSource } from '../../libs/auth/src/entra/entra-metadata.ts';
import { IdTokenVerifier } from '../../libs/auth/src/entra/id-token.ts';
import { RefreshLimits } from '../../libs/auth/src/refresh/refresh-schedule.ts';
import { identityOf, openAuth, personFromEntra } from '../support/auth-kit.ts';
import { Azure } from '../support/azure.ts';
import { milliseconds, report } from './bench.ts';

const due = 500;
const latencyMs = 100;
const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '' } = process.env;
const { AZURE_AUTHORITY_HOST = '', GRAPH_URL = '', EMULATOR_URL = '' } = process.env;

const azure = new Azure(EMULATOR_URL);
const auth = await openAuth(
  {
    AZURE_TENANT_ID,
    AZURE_CLIENT_ID,
    AZURE_CLIENT_SECRET,
    AZURE_AUTHORITY_HOST,
    GRAPH_URL,
    DEFAULT_ROLE: 'user',
  },
  new Clock() as never,
);
const { config, clock } = auth;
const entraFetch = new EntraFetch(config);
const metadata = new EntraMetadataSource(config, clock, entraFetch);
const limits = new RefreshLimits();
const { tokens, schedule } = auth.newProcess({
  client: new EntraClient(config, metadata, entraFetch),
  idTokens: new IdTokenVerifier(config, clock, metadata),
  limits,
});

/** As after a sign-in whose tokens are an hour old. */
async function signedIn({ id, alias }: { id: string; alias: string }): Promise<string> {
  const { refresh_token: refreshToken = '' } = await azure.tokensFor(
    alias,
    'openid profile offline_access User.Read',
  );
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: AZURE_CLIENT_ID,
      clientSecret: AZURE_CLIENT_SECRET,
      authority: `${AZURE_AUTHORITY_HOST}/${AZURE_TENANT_ID}`,
      knownAuthorities: [new URL(AZURE_AUTHORITY_HOST).host],
      authorityMetadata: (await metadata.get()).json,
    },
  });
  const token = await application.acquireTokenByRefreshToken({
    refreshToken,
    scopes: [config.openAiScope],
    forceCache: true,
  });
  if (!token) throw new Error('no token');
  const person = personFromEntra({ tenantId: AZURE_TENANT_ID, objectId: id });
  const identity = identityOf(person, auth, {
    credentials: {
      client: 'confidential',
      cache: application.getTokenCache().serialize(),
      token: { accessToken: token.accessToken, expiresAt: new Date(Date.now() + 3600_000) },
    },
  });
  const { session } = await auth.signIn.signIn(identity, {
    remember: true,
    browser: alias,
    previousToken: null,
  });
  return session.userId;
}

async function crowd(): Promise<{ id: string; alias: string }[]> {
  const response = await fetch(`${EMULATOR_URL}/_control/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ like: 'uma', count: due }),
  });
  return (await response.json()) as { id: string; alias: string }[];
}

const people: string[] = [];
for (const person of await crowd()) people.push(await signedIn(person));
await azure.set({ latency: { token: latencyMs } });
const [someone = ''] = people;
const scope = config.openAiScope;

const fromVault: number[] = [];
for (let count = 0; count < 300; count += 1)
  fromVault.push(await milliseconds(() => tokens.accessToken(someone, scope)));
const fromEntra: number[] = [];
for (let count = 0; count < 20; count += 1)
  fromEntra.push(await milliseconds(() => tokens.refreshNow(someone)));

const refreshes = async () => (await azure.calls('token', { grant: 'refresh_token' })).length;
const before = await refreshes();
await auth.database.rows('UPDATE token_caches SET refresh_due_at = $1', [clock.now()]);
const cpu = process.cpuUsage();
const wall = await milliseconds(() => schedule.tick());
const { user, system } = process.cpuUsage(cpu);
const calls = (await refreshes()) - before;
const ideal = (due * latencyMs) / limits.concurrency;
const stale = await auth.database.rows('SELECT 1 FROM token_caches WHERE failure_class IS NOT NULL');
if (stale.length > 0) throw new Error(`${stale.length} were not refreshed`);
await auth.close();

// The quickest of each: what else the machine does only makes them slower.
const [vault, entra] = [Math.min(...fromVault), Math.min(...fromEntra)];
report({
  title: `Tokens, with Entra ${latencyMs} ms away`,
  columns: ['', 'Milliseconds'],
  rows: [
    ['a token from the vault, the quickest of 300', vault.toFixed(2)],
    ['a refresh, as the person waits for it, the quickest of 20', entra.toFixed(1)],
    [`${due} due tokens refreshed by one process, ${limits.concurrency} at a time`, Math.round(wall)],
    ['the least that can take', ideal],
    ['processor time of each of them in that process', ((user + system) / 1000 / due).toFixed(1)],
  ],
  aims: [
    { what: 'a refresh / a token from the vault', value: entra / vault, atLeast: 50 },
    { what: 'wall time / (due × latency / concurrency)', value: wall / ideal, atMost: 1.5 },
    { what: 'calls to Entra', value: calls, atLeast: due, atMost: due },
  ],
});
