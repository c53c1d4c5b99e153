import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { StopSentence } from './stop-sentence.ts';

/** Time to finish what is under way before a process is ended the hard way. */
const graceMs = 10_000;

export interface Child {
  process: ChildProcess;
  /** The line with which it said that it is ready. */
  ready: Record<string, unknown>;
  stop(): Promise<void>;
}

export interface ChildRequest {
  script: string;
  args?: string[];
  nodeOptions?: string[];
  env?: Record<string, string>;
  isReady(line: Record<string, unknown>): boolean;
  onLine?(line: string): void;
}

/**
 * Starts one of our processes and waits until it is ready. What it says on standard error before that becomes the
 * sentence that explains why it is not. The channel between us tells it when we are gone.
 */
export async function startChild({
  script,
  args = [],
  nodeOptions = [],
  env = {},
  isReady,
  onLine,
}: ChildRequest): Promise<Child> {
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeOptions, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A Ctrl-C of the terminal reaches us alone, so that the order of stopping is ours.
    detached: true,
  });
  const complaints: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    complaints.push(line);
    onLine?.(line);
  });
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => onLine?.(line));
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    lines.on('line', (line) => {
      const parsed = parse(line);
      if (parsed && isReady(parsed)) resolve(parsed);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      setImmediate(() =>
        reject(new StopSentence(complaints.join('\n') || `${script} ended with exit code ${code}`)),
      ),
    );
  });
  return { process: child, ready, stop: () => stop(child) };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
