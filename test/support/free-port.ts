import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A file for each port that some process on this machine has taken, with its number. */
const taken = join(tmpdir(), `entrada-test-ports-${userInfo().username}`);

/** Below the ports that the system gives to outgoing connections: one of those could take it before its server does. */
export async function freePort(): Promise<number> {
  mkdirSync(taken, { recursive: true });
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (take(port) && (await isFree(port))) return port;
  }
}

/** For as long as this process lives: also while the server is not there yet, or is being restarted. */
function take(port: number): boolean {
  const file = join(taken, String(port));
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(file)) rmSync(file, { force: true });
    return false;
  }
}

function isAlive(file: string): boolean {
  try {
    return process.kill(Number(readFileSync(file, 'utf8')), 0);
  } catch {
    return false;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
