import { createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections: one of those could take it before its server does. */
const [first, count] = [20_000, 12_000];
/** Each process begins at another place: two that look at the same moment must not find the same one. */
const inEachProcess = 40;
let next = process.pid * inEachProcess;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (next++ % count);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
