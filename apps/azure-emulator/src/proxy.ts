import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { REAL_HOSTS } from './addresses.ts';

/**
 * The Azure CLI cannot be given an authority with a port. So it is told that this is its proxy: a tunnel to one of
 * Microsoft's hosts ends at the emulator, a tunnel to anywhere else is refused.
 */
export function createProxy(target: Server): Server {
  const proxy = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('This proxy only takes CONNECT.\n');
  });
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    // A caller that hangs up in the middle is no fault of ours.
    socket.on('error', () => socket.destroy());
    if (!REAL_HOSTS.some((host) => request.url === `${host}:443`)) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    target.emit('connection', socket);
  });
  return proxy;
}
