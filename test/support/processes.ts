/** Several API processes on one database and one Redis. */
import type { Started } from './process.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { type Stack, startApi, startStack } from './stack.ts';

export interface ApiProcess {
  url: string;
  started: Started;
  /** Ends it by that signal and starts it again; what changes in its environment stays changed. */
  restart(signal: NodeJS.Signals, changes?: Record<string, string>): Promise<void>;
}

export interface Processes {
  stack: Stack;
  redis: RedisServer;
  one: ApiProcess;
  other: ApiProcess;
  stop(): Promise<void>;
}

export async function startTwo(
  changes: Record<string, string> = {},
  { redisPassword }: { redisPassword?: string } = {},
): Promise<Processes> {
  const redis = await startRedis(redisPassword);
  const stack = await startStack({ REDIS_URL: redis.url, ...changes }, { isDirect: true });
  const one = asProcess(stack.env, stack.api);
  const env = { ...stack.env, PORT: String(await freePort()) };
  const other = asProcess(env, await startApi(env));
  return {
    stack,
    redis,
    one,
    other,
    async stop() {
      await Promise.all([one.started.stop('SIGKILL'), other.started.stop('SIGKILL')]);
      await stack.stop();
      await redis.stop();
    },
  };
}

function asProcess(env: Record<string, string>, started: Started): ApiProcess {
  let current = env;
  const api: ApiProcess = {
    url: `http://localhost:${env.PORT}`,
    started,
    async restart(signal, changes = {}) {
      await api.started.stop(signal);
      current = { ...current, ...changes };
      api.started = await startApi(current);
    },
  };
  return api;
}
