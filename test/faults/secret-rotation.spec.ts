import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { newConversation } from '../support/chatter.ts';
import { asServer, onPostgres } from '../support/database.ts';
import { type Processes, startTwo } from '../support/processes.ts';
import { noRedis } from '../support/redis.ts';
import type { Visitor } from '../support/visitor.ts';

// Three rolling restarts of two processes that drain.
vi.setConfig({ testTimeout: 240_000 });

const people = ['uma', 'gustav'];
const random = () => randomBytes(16).toString('hex');
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

/** What docs/operations.md tells operators to do for each secret, done while people work. */
describe.skipIf(noRedis)('F23: a secret is replaced while people work, and nobody notices', () => {
  let two: Processes;
  let balancer: Balancer;
  let ports: number[] = [];
  const visitors: Visitor[] = [];
  const firstRedisPassword = random();
  const roles = [`api_${random()}`, `api_${random()}`] as const;
  const firstSecret = 'emulator-secret-of-no-value';
  beforeAll(async () => {
    balancer = await startBalancer(() => ports);
    two = await startTwo({ PUBLIC_URL: balancer.url }, { redisPassword: firstRedisPassword });
    ports = [two.one, two.other].map(({ url }) => Number(new URL(url).port));
    await balancer.look();
    await two.stack.azure.set({ openai: { firstDeltaMs: 5, deltaMs: 1 } });
    for (const person of people) {
      const visitor = two.stack.visitor();
      await visitor.signIn(two.stack.azure, person);
      visitors.push(visitor);
    }
  });
  afterAll(async () => {
    await balancer?.stop();
    await two?.stop();
    if (onPostgres) await asServer(`DROP ROLE IF EXISTS ${roles.join(', ')}`);
  });

  /** The processes one after the other, each with the changed environment. */
  async function rolling(changes: Record<string, string>): Promise<void> {
    for (const api of [two.one, two.other]) {
      said.push(...api.started.lines);
      await api.restart('SIGTERM', changes);
      await expect.poll(async () => (await fetch(`${api.url}/api/health/ready`)).status).toBe(200);
      await balancer.look();
    }
  }
  const said: string[] = [];

  /** Everybody reads, writes, calls Graph, and has tokens renewed and signed, until `act` is done and once more. */
  async function whileWorking(act: () => Promise<void>): Promise<void> {
    const answers: string[] = [];
    const failed: string[] = [];
    const acting = { isOver: false };
    const note = (what: string, { status, body }: { status: number; body: unknown }) => {
      answers.push(what);
      if (status >= 400) failed.push(`${what}: ${status} ${JSON.stringify(body)}`);
    };
    const round = async (visitor: Visitor, conversationId: string) => {
      note('session', await visitor.get('/api/auth/session'));
      note('profile', await visitor.get('/api/graph/me'));
      note('refresh', await visitor.post('/api/auth/refresh'));
      const issued = await visitor.post<{ accessToken: string }>('/api/auth/token');
      note('token', issued);
      const authorization = `Bearer ${issued.body.accessToken}`;
      note('script', await two.stack.visitor().get('/api/auth/me', { authorization }));
      const message = { content: 'Hello', clientMessageId: crypto.randomUUID() };
      note('message', await visitor.post(`/api/chat/conversations/${conversationId}/messages`, message));
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const work = async (visitor: Visitor) => {
      while (!acting.isOver) await round(visitor, await newConversation(visitor));
      await round(visitor, await newConversation(visitor));
    };
    const working = visitors.map(work);
    await act().finally(() => (acting.isOver = true));
    await Promise.all(working);
    expect(failed).toEqual([]);
    expect(answers.length).toBeGreaterThan(visitors.length * 6);
    const all = [...said.splice(0), ...two.one.started.lines, ...two.other.started.lines];
    expect(all.filter((line) => /"level":"(error|fatal)"|UnsealError/.test(line))).toEqual([]);
  }

  it('the client secret and the password of Redis: both are good until every process has the new one', async () => {
    const [secret, password] = [random(), random()];
    const register = (secrets: string[]) => two.stack.azure.set({ registration: { secrets } });
    const redis = await createClient({ url: two.redis.url }).connect();
    await whileWorking(async () => {
      await register([firstSecret, secret]);
      await redis.sendCommand(['ACL', 'SETUSER', 'default', `>${password}`]);
      await rolling({
        AZURE_CLIENT_SECRET: secret,
        REDIS_URL: two.redis.url.replace(firstRedisPassword, password),
      });
      await register([secret]);
      await redis.sendCommand(['ACL', 'SETUSER', 'default', `<${firstRedisPassword}`]);
    });
    redis.destroy();
    const refused = await two.stack.azure.calls('token');
    expect(refused.filter(({ error }) => error === 'invalid_client')).toEqual([]);
    for (const { url } of [two.one, two.other])
      await expect
        .poll(async () => (await fetch(`${url}/api/health/ready`)).text())
        .toMatch(/"redis":\{[^}]*"connected":true/);
  });

  it('the encryption key: first read by all, then written by all, then the old one goes', async () => {
    const [old, fresh] = [two.stack.env.ENCRYPTION_KEYS!, newKey('fresh')];
    await whileWorking(async () => {
      await rolling({ ENCRYPTION_KEYS: `${old},${fresh}` });
      await rolling({ ENCRYPTION_KEYS: `${fresh},${old}` });
      const { stdout } = await command('reencrypt', {
        DATABASE_URL: two.stack.database.url,
        ENCRYPTION_KEYS: `${fresh},${old}`,
      });
      expect(stdout).toMatch(/“test” may be removed from ENCRYPTION_KEYS/);
      await rolling({ ENCRYPTION_KEYS: fresh });
    });
  });

  it.skipIf(!onPostgres)('the database’s password: a second role, and the first one goes', async () => {
    const [first, second] = roles;
    const ownerUrl = two.stack.database.url;
    const begin = async (role: string) => {
      await asServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
      const { href } = Object.assign(new URL(ownerUrl), { username: role, password: role });
      await command('migrate', { DATABASE_URL: href, DATABASE_OWNER_URL: ownerUrl });
      await rolling({ DATABASE_URL: href, MIGRATE_AT_START: 'false' });
    };
    await begin(first);
    await whileWorking(async () => {
      await begin(second);
      await asServer(`DROP OWNED BY ${first}`, ownerUrl);
      await asServer(`DROP ROLE ${first}`);
    });
  });
});

const command = (name: string, env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [`dist/apps/api/commands/${name}.js`], {
    env: { PATH: process.env.PATH, ...env },
  });
