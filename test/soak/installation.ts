/** What a soak runs on: nginx, several API processes of the build, Postgres, Redis, and the emulator for Azure. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../apps/api/src/database/migrate.ts';
import { Azure } from '../support/azure.ts';
import { freePort } from '../support/free-port.ts';
import { startNginx, type WebServer } from '../support/nginx.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { startEmulator } from '../support/stack.ts';
import { ApiProcess } from './api-process.ts';
import { sessionsPerPerson } from './invariants/index.ts';
import type { Journal } from './journal.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

/** Access tokens that are renewed every other minute, so that a soak has many renewals. */
const accessSeconds = 420;

export interface Installation {
  /** Of nginx. */
  url: string;
  azure: Azure;
  postgres: PostgresServer;
  redis: RedisServer;
  nginx: WebServer;
  processes: ApiProcess[];
  stop(): Promise<void>;
}

export async function install(journal: Journal, processes: number): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'entrada-soak-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const ports: number[] = [];
  while (ports.length < processes) ports.push(await freePort());
  const [postgres, redis, emulator, nginx] = await Promise.all([
    startPostgres(),
    startRedis(),
    startEmulator(folder, url),
    startNginx(port, ports),
  ]);
  const azure = new Azure(String(emulator.ready.httpUrl));
  await azure.set({
    tokens: { accessSeconds },
    openai: { firstDeltaMs: 40, deltaMs: 10 },
    device: { interval: 1 },
  });
  await migrate({ url: postgres.url, ownerUrl: postgres.url });
  const env = {
    ...(emulator.ready.env as Record<string, string>),
    PUBLIC_URL: url,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    TRUSTED_PROXIES: '127.0.0.1',
    ENCRYPTION_KEYS: 'test:3q2+796tvu/erb7v3q2+796tvu/erb7vAQIDBAUGBwg=',
    AUTH_METHODS: 'authorization_code,device_code',
    SESSION_MAX_PER_USER: String(sessionsPerPerson),
    TOKEN_REFRESH_CHECK_INTERVAL_SECS: '2',
    SHUTDOWN_GRACE_SECS: '5',
  };
  const apis = ports.map(
    (apiPort, index) => new ApiProcess(`api-${index + 1}`, { ...env, PORT: String(apiPort) }, journal),
  );
  await Promise.all(apis.map((api) => api.start()));
  return {
    url,
    azure,
    postgres,
    redis,
    nginx,
    processes: apis,
    async stop() {
      await Promise.all(apis.map((api) => api.stop()));
      await nginx.stop();
      await Promise.all([redis.stop(), emulator.stop()]);
      await postgres.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
