/** A Redis of one's own for a spec file, on a free port of this machine, keeping nothing. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './free-port.ts';

const isInstalled = (): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** For `describe.skipIf`: says aloud what is not tried. */
export const noRedis = !isInstalled();
if (noRedis) console.warn('redis-server is not installed: what several processes share is NOT tested.');

export interface RedisServer {
  url: string;
  /** Silent without being gone, as behind a network that drops everything. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
  /** After a stop: the same address, and everything forgotten. */
  start(): Promise<void>;
}

export async function startRedis(password?: string): Promise<RedisServer> {
  const port = await freePort();
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  if (password) flags.push('--requirepass', password);
  let server: ChildProcess;
  const redis = {
    url: `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    async start() {
      server = spawn('redis-server', flags, { stdio: 'ignore' });
      while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
  await redis.start();
  return redis;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
