import { execFile } from 'node:child_process';

/** What the API asks of it; an older one would stop its start. */
const oldestVersion = [2, 37] as const;

/** Whether this machine has an Azure CLI that can be offered as a way to sign in. */
export async function hasAzureCli(): Promise<boolean> {
  const output = await new Promise<string>((resolve) =>
    execFile('az', ['version', '--output', 'json'], { timeout: 20_000 }, (error, stdout) =>
      resolve(error ? '' : stdout),
    ),
  );
  const [major = 0, minor = 0] = (/"azure-cli": "(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1]);
}
