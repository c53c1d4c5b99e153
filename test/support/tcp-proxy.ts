/** Stands between a client and a server and is as bad a network as one wants: late, silent, cut, refusing. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Every piece that the server sends arrives so much later. */
  latencyMs: number;
  /** Silent from now on, without being gone, until told otherwise. */
  isStalled: boolean;
  /** Takes no new connections. */
  refuses: boolean;
  cutAll(): void;
  stop(): Promise<void>;
}

export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const held: (() => void)[] = [];
  let isStalled = false;

  /** In order, each piece after its time; what a stall holds back goes on after it. */
  function carry(from: Socket, to: Socket, latencyMs: () => number): void {
    let last = Promise.resolve();
    from.on('data', (piece) => {
      const due = performance.now() + latencyMs();
      last = last
        .then(() => new Promise<void>((go) => setTimeout(go, Math.max(0, due - performance.now()))))
        .then(() => (isStalled ? new Promise<void>((go) => held.push(go)) : undefined))
        .then(() => void to.write(piece));
    });
  }

  const server = createServer((client) => {
    if (proxy.refuses) return client.resetAndDestroy();
    const upstream = connect(target.port, target.host);
    carry(client, upstream, () => 0);
    carry(upstream, client, () => proxy.latencyMs);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    latencyMs: 0,
    refuses: false,
    get isStalled() {
      return isStalled;
    },
    set isStalled(value) {
      isStalled = value;
      if (!value) held.splice(0).forEach((go) => go());
    },
    cutAll: () => open.forEach((socket) => socket.resetAndDestroy()),
    async stop() {
      proxy.cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** The same database by way of the proxy. */
export function through(proxy: TcpProxy, url: string): string {
  const address = new URL(url);
  address.port = String(proxy.port);
  return address.href;
}
