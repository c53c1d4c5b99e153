/**
 * Runs a command so that it always ends: in a process group of its own, which is killed as a whole, and which ends by
 * itself when we do, however we end. `az` is often a script that starts an interpreter; killing only what was started
 * would leave that behind.
 */
import { spawn } from 'node:child_process';

/** The shell waits for the command, and for the other end of its input to go away, which is us. */
const supervisor = `umask 077
exec 3<&0
"$@" </dev/null 3<&- &
command=$!
{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$command"
status=$?
kill -9 "$watch"
wait "$watch" 2>/dev/null
exit "$status"`;

/** Far more than any answer has; a command that says more is ended. */
const longestOutput = 4 * 1024 * 1024;

export interface Outcome {
  /** Null when it was killed. */
  status: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface ProcessGroup {
  /** Never rejects, unless the system has no room for another process. */
  ended: Promise<Outcome>;
  kill(): void;
}

export function startGroup(
  command: readonly string[],
  {
    env,
    timeoutMs,
    onStderr = () => undefined,
  }: {
    env: Record<string, string>;
    timeoutMs: number;
    /** Called with all that was said so far. */
    onStderr?: (text: string) => void;
  },
): ProcessGroup {
  const child = spawn('/bin/sh', ['-c', supervisor, 'az', ...command], {
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let hasEnded = false;
  const kill = (): void => {
    // A group whose leader we have not waited for yet cannot have been replaced by another of the same number.
    if (hasEnded || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself just now.
    }
  };
  const outcome: Outcome = { status: null, stdout: '', stderr: '', timedOut: false };
  const collect = (stream: 'stdout' | 'stderr') => (text: string) => {
    outcome[stream] += text;
    if (outcome[stream].length > longestOutput) kill();
    else if (stream === 'stderr') onStderr(outcome.stderr);
  };
  child.stdout.setEncoding('utf8').on('data', collect('stdout'));
  child.stderr.setEncoding('utf8').on('data', collect('stderr'));
  // It may be gone before the pipe is.
  child.stdin.on('error', () => undefined);
  const timer = setTimeout(() => {
    outcome.timedOut = true;
    kill();
  }, timeoutMs);
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('exit', () => {
      hasEnded = true;
      child.stdin.destroy();
    });
    child.once('close', (status) => resolve({ ...outcome, status }));
    child.once('error', (error) => {
      hasEnded = true;
      reject(error);
    });
  }).finally(() => clearTimeout(timer));
  return { ended, kill };
}
