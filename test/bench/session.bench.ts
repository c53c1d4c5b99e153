/**
 * Who am I, asked with a live session: ours against a bare handler with one prepared look-up, Express with the usual
 * three, and better-auth. One process each, the same Postgres, the same load, in turns.
 */
import { createTestDatabase } from '../support/database.ts';
import { crowdOf, type SignedIn } from './support/crowd.ts';
import { median, report } from './bench.ts';
import { startMeasuredApi } from './support/measured-api.ts';
import { type MeasuredProcess, startMeasured } from './support/measured-process.ts';
import { fromPeers, installPeers, peer } from './support/peers.ts';

interface Load {
  requests: { average: number };
  latency: { p50: number; p99: number };
  non2xx: number;
  errors: number;
}
interface Asked {
  path: string;
  headers: Record<string, string>;
}

installPeers();
const autocannon =
  fromPeers<
    (options: {
      url: string;
      connections: number;
      duration?: number;
      amount?: number;
      requests: Asked[];
    }) => Promise<Load>
  >('autocannon');

const people = 60;
const connections = 50;
/** So many that the code has been compiled, however busy the machine is. */
const warmUp = 5_000;
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

const api = await startMeasuredApi();
const crowd: SignedIn[] = await crowdOf(api, people);
const database = { DATABASE_URL: api.databaseUrl };
const bare = await startMeasured([peer('session-bare')], database);
const express = await startMeasured([peer('session-express')], database);
// Its tables have the same names as those of the others; and it makes them at its start, so one after the other.
const another = await createTestDatabase();
const elsewhere = { DATABASE_URL: another.url };
const betterAuth = await startMeasured([peer('session-better-auth')], elsewhere);
const cached = await startMeasured([peer('session-better-auth')], { ...elsewhere, COOKIE_CACHE: 'true' });

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');

async function signInAt(path: string, body?: object): Promise<string> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(path).origin },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return cookiesOf(response);
}

const each = async (cookieOf: (person: SignedIn, index: number) => Promise<string>): Promise<string[]> => {
  const cookies: string[] = [];
  for (const [index, person] of crowd.entries()) cookies.push(await cookieOf(person, index));
  return cookies;
};
const signUpAt = (server: MeasuredProcess, label: string) =>
  each((_person, index) =>
    signInAt(`http://127.0.0.1:${server.port}/api/auth/sign-up/email`, {
      name: `Person ${index}`,
      email: `${label}${index}@contoso.com`,
      password: 'a password',
    }),
  );

const contenders = [
  {
    name: 'Entrada',
    server: api,
    path: '/api/auth/session',
    cookies: crowd.map(({ headers }) => headers.cookie ?? ''),
  },
  {
    name: '`node:http`, one prepared look-up',
    server: bare,
    path: '/',
    cookies: crowd.map(({ headers }) => headers.cookie ?? ''),
  },
  {
    name: 'Express, express-session, connect-pg-simple, passport',
    server: express,
    path: '/session',
    cookies: await each(({ userId }) => signInAt(`${express.url}/sign-in/${userId}`)),
  },
  {
    name: 'better-auth',
    server: betterAuth,
    path: '/api/auth/get-session',
    cookies: await signUpAt(betterAuth, 'plain'),
  },
  {
    name: 'better-auth, cookie cache on (revocation unseen for 5 min)',
    server: cached,
    path: '/api/auth/get-session',
    cookies: await signUpAt(cached, 'cached'),
  },
];

async function load(
  { server, path, cookies, name }: (typeof contenders)[number],
  howLong: { duration: number } | { amount: number },
): Promise<Load> {
  const requests = cookies.map((cookie, index) => ({
    path,
    headers: { cookie, 'user-agent': 'node', 'x-forwarded-for': `10.0.${index >> 8}.${index & 255}` },
  }));
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}`,
    connections,
    requests,
    ...howLong,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${name}: ${result.non2xx} answers were no 200, ${result.errors} errors`);
  return result;
}

const wanted = process.env.BENCH_ONLY?.split(',').map(Number) ?? contenders.map((_, index) => index);
const measured = contenders.map(() => ({
  perSecond: [] as number[],
  p99: [] as number[],
  cpu: [] as number[],
}));
for (let round = -1; round < rounds; round += 1)
  for (const index of wanted) {
    const contender = contenders[index]!;
    const cpuBefore = contender.server.cpuMs();
    const result = await load(contender, round < 0 ? { amount: warmUp } : { duration: seconds });
    if (round < 0) continue;
    const cpu = contender.server.cpuMs() - cpuBefore;
    measured[index]?.perSecond.push(result.requests.average);
    measured[index]?.p99.push(result.latency.p99);
    measured[index]?.cpu.push(cpu / (result.requests.average * seconds));
  }
for (const { server } of contenders.toReversed()) await server.stop();
await another.close();

const figures = measured.map(({ perSecond, p99, cpu }) => ({
  perSecond: median(perSecond),
  p99: median(p99),
  cpu: median(cpu),
}));
const ours = figures[0]?.perSecond ?? Number.NaN;
const times = (index: number): number => ours / (figures[index]?.perSecond ?? Number.NaN);
report({
  title: 'Session',
  columns: ['', 'Requests per second', 'p99, ms', 'Processor, ms per request', 'Ours, times'],
  rows: contenders.map(({ name }, index) => [
    name,
    Math.round(figures[index]?.perSecond ?? Number.NaN),
    figures[index]?.p99 ?? Number.NaN,
    (figures[index]?.cpu ?? Number.NaN).toFixed(3),
    times(index).toFixed(2),
  ]),
  aims: [
    { what: 'ours / a bare handler with one look-up', value: times(1), atLeast: 1.5 },
    { what: 'ours / Express and passport', value: times(2), atLeast: 10 },
    { what: 'ours / better-auth', value: times(3), atLeast: 20 },
  ],
});
