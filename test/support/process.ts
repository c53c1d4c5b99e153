/** Starts one of the built processes and waits for the line that says it is ready. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Started {
  process: ChildProcess;
  ready: Record<string, unknown>;
  /** Everything it has written so far, line by line. */
  lines: string[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function startBuilt(
  script: string,
  {
    args = [],
    env,
    isReady,
    folder = '.',
  }: {
    args?: string[];
    env: Record<string, string>;
    isReady(line: Record<string, unknown>): boolean;
    /** Where the build lies. */
    folder?: string;
  },
): Promise<Started> {
  const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  const child = spawn(process.execPath, [`dist/apps/${script}`, ...args], {
    cwd: folder,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const lines: string[] = [];
  // Not 'exit': its last lines may come after that.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const parsed = parse(line);
      if (parsed && isReady(parsed)) resolve(parsed);
    });
    child.once('close', (code) =>
      reject(new Error(`${script} ended with ${code}:\n${lines.slice(-20).join('\n')}`)),
    );
  });
  return {
    process: child,
    ready,
    lines,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
