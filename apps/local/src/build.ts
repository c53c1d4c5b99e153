/** Builds what is not built, or older than its sources. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { step } from './progress.ts';
import { StopSentence } from './stop-sentence.ts';

const run = promisify(execFile);

async function tool(root: string, script: string, ...args: string[]): Promise<void> {
  try {
    await run(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new StopSentence(`The build failed:\n${stdout}${stderr}`.trim());
  }
}

export async function buildServer(root: string): Promise<void> {
  // tsc knows by itself what is up to date.
  await step('Compiling the server', () => tool(root, 'typescript/bin/tsc', '--build'));
}

export async function buildWeb(root: string): Promise<void> {
  const page = join(root, 'apps/web/out/index.html');
  const sources = ['apps/web/src', 'apps/web/public', 'libs/contracts/src', 'package.json'].map((path) =>
    join(root, path),
  );
  if (existsSync(page) && newest(sources) <= statSync(page).mtimeMs) return;
  await step('Building the web app', async () => {
    await tool(root, 'next/dist/bin/next', 'build', 'apps/web');
    await tool(root, 'tsx/dist/cli.mjs', 'apps/web/compress.ts');
  });
}

function newest(paths: string[]): number {
  return Math.max(
    ...paths
      .filter((path) => existsSync(path))
      .flatMap((path) =>
        statSync(path).isDirectory()
          ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map(
              (file) => statSync(join(path, file)).mtimeMs,
            )
          : [statSync(path).mtimeMs],
      ),
  );
}
