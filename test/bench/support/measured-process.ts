/** A server in a process of its own, with what it costs: processor time and memory, as the kernel counts them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';

export interface MeasuredProcess {
  url: string;
  port: number;
  /** User and system, in milliseconds, since it began. */
  cpuMs(): number;
  /** Resident, in bytes. */
  memory(): number;
  stop(): Promise<void>;
}

const ticksPerSecond = 100;

/** Ready once its port answers. What it writes goes to a file, as a log does: nobody has to read it meanwhile. */
export async function startMeasured(
  args: string[],
  env: Record<string, string | undefined>,
  { port: given, log = '/dev/null' }: { port?: number; log?: string } = {},
): Promise<MeasuredProcess> {
  const port = given ?? (await freePort());
  const out = openSync(log, 'w');
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', out, 'inherit'],
  });
  closeSync(out);
  const ended = once(child, 'exit');
  // Also where the benchmark fails.
  process.once('exit', () => child.kill('SIGKILL'));
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (child.exitCode !== null || tries > 600) throw new Error(`${args.join(' ')} did not start`);
    await wait(50);
  }
  const read = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    url: `http://localhost:${port}`,
    port,
    cpuMs() {
      // The name may hold spaces; the fields are counted from behind it (proc(5): 14 and 15).
      const fields = read('stat').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
    },
    memory: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(read('status'))?.[1]) * 1024,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
