/** The least that passing an answer on can cost: bytes from one connection to the other. */
import { createServer, request } from 'node:http';

const upstream = `${process.env.UPSTREAM_URL}/openai/deployments/gpt-4o/chat/completions`;
createServer((_request, response) => {
  request(upstream, { method: 'POST' }, (answer) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.pipe(response);
  }).end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
