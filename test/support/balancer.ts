/**
 * What stands in front of several processes: round robin over those that say they are ready. A request that could not
 * be sent at all goes to the next; one whose connection broke after it was sent is a 502, for it may have been done.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

const lookEveryMs = 200;
/** So many answers in a row that are not 200, as balancers do it: one late answer says nothing. */
const outAfter = 3;

export interface Balancer {
  url: string;
  /** Asks all of them now, instead of when it is time. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBalancer(portsOf: () => readonly number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Set<number>();
  const failures = new Map<number, number>();
  const asked = new Set<number>();
  const open = new Set<Socket>();
  let turn = 0;
  const next = (tried: readonly number[]): number | undefined => {
    const candidates = [...ready].filter((port) => !tried.includes(port));
    return candidates[turn++ % candidates.length];
  };
  const ask = async (port: number) => {
    asked.add(port);
    const isReady = await fetch(`http://127.0.0.1:${port}/api/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    asked.delete(port);
    failures.set(port, isReady ? 0 : (failures.get(port) ?? 0) + 1);
    if (isReady) ready.add(port);
    else if (failures.get(port)! >= outAfter) ready.delete(port);
  };
  /** Also those who are being asked: they may have become ready since. */
  const look = async () => void (await Promise.all(portsOf().map(ask)));

  function pass(incoming: IncomingMessage, body: Buffer, answer: ServerResponse, tried: number[]): void {
    const port = next(tried);
    if (port === undefined) return void answer.writeHead(502).end('nobody is ready');
    const { method, url, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers, agent });
    outgoing.once('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const wasNotSent = error.code === 'ECONNREFUSED' || outgoing.reusedSocket;
      if (wasNotSent && !answer.headersSent) pass(incoming, body, answer, [...tried, port]);
      else if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end(`the connection broke: ${error.code}`);
    });
    outgoing.end(body);
  }

  const server = createServer((incoming, answer) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.once('end', () => pass(incoming, Buffer.concat(pieces), answer, []));
  });
  server.on('upgrade', (incoming, client: Socket, head) => {
    const port = next([]);
    if (port === undefined) return client.destroy();
    const upstream = connect(port, '127.0.0.1', () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2)
        lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    return undefined;
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // The answers that are passed on promise the API's own time.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lookAtTheRest = () =>
    portsOf()
      .filter((port) => !asked.has(port))
      .forEach((port) => void ask(port));
  const looking = setInterval(lookAtTheRest, lookEveryMs);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    look,
    async stop() {
      clearInterval(looking);
      agent.destroy();
      open.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
