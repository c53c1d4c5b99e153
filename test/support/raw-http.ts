/** Requests as bytes, for what HTTP clients would refuse to send or put right on the way. */
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Header lines and body as they came. */
  text: string;
}

/** Sends the lines of one request and reads until the server closes. Each character is one byte. */
export function rawRequest(url: string, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const ending = lines.some((line) => line.startsWith('Connection:')) ? [] : ['Connection: close'];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${lines[0]}`)));
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      // What was to become a web socket is not closed by itself, neither accepted nor refused.
      const isUpgrade = lines.includes('Connection: Upgrade');
      if (isUpgrade && text.includes('\r\n\r\n')) socket.destroy();
    });
    socket.write(Buffer.from([...lines, ...ending, '', body].join('\r\n'), 'latin1'));
  });
}

/** A GET of exactly this target. */
export const rawGet = (url: string, target: string, headers: readonly string[] = []): Promise<RawAnswer> =>
  rawRequest(url, [`GET ${target} HTTP/1.1`, `Host: ${new URL(url).host}`, ...headers]);
