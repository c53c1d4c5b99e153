/** One of the operator's commands, as built. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface CommandOutcome {
  code: number;
  said: string;
}

export const runCommand = (
  name: string,
  env: Record<string, string>,
  args: string[] = [],
): Promise<CommandOutcome> =>
  promisify(execFile)(process.execPath, [`dist/apps/api/commands/${name}.js`, ...args], {
    env: { PATH: process.env.PATH, ...env },
  }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      said: stdout + stderr,
    }),
  );
