import { once } from 'node:events';
import { fromPeers } from './peers.ts';

interface Connection {
  on(event: string, listener: (data: unknown) => void): void;
  send(text: string): void;
  close(): void;
}

/** Makes another process, which was started with `--inspect=PORT`, let go of what it no longer needs. */
export async function collectGarbage(inspectorPort: number): Promise<void> {
  const { WebSocket: Connect } = fromPeers<{ WebSocket: new (url: string) => Connection }>('ws');
  const response = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`);
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  const connection = new Connect(target?.webSocketDebuggerUrl ?? '');
  await once(connection as never, 'open');
  connection.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
  await once(connection as never, 'message');
  connection.close();
}
