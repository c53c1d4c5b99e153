/** Socket.IO as it comes, with one namespace, and one room for each connection. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
new Server(http, { serveClient: false })
  .of('/chat')
  .on('connection', (socket) => socket.join(`user:${socket.id}`));
http.listen(Number(process.env.PORT), '127.0.0.1');
