/**
 * `npm run dev`: the local stack for working on it. The server is compiled and restarted on every change; the web app
 * comes from `next dev`, which passes /api and /socket.io on to the API.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildServer } from './build.ts';
import { openDataFolder } from './data-folder.ts';
import { requireFreePort } from './free-port.ts';
import { ports, publicUrl, root, runStack } from './stack.ts';
import { welcome } from './welcome.ts';

const apiPort = ports.public + 1;

function watch(script: string, args: string[], env: Record<string, string> = {}): void {
  spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
}

await runStack(async (stack) => {
  console.log('Entrada, for development\n');
  await requireFreePort(ports.public, 'PORT', 'the web page');
  const data = openDataFolder(process.env.DATA_DIR ?? join(root, 'data'));
  await buildServer(root);
  const emulator = await stack.startGround(data);
  await stack.startApi(data, emulator, { port: apiPort, watch: true });
  watch('typescript/bin/tsc', ['--build', '--watch', '--preserveWatchOutput']);
  watch('next/dist/bin/next', ['dev', 'apps/web', '--port', String(ports.public)], {
    NEXT_TELEMETRY_DISABLED: '1',
    API_URL: `http://127.0.0.1:${apiPort}`,
  });
  console.log(welcome({ publicUrl, people: emulator.people, logFile: data.apiLog }));
});
