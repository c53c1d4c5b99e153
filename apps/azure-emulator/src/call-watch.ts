import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Call } from './call-log.ts';
import type { Cloud } from './cloud.ts';
import type { Area } from './levers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    call: Call;
  }
}

/** Around every call of one part: write it down, be slow or be gone if a test wants that. */
export function watchCalls(app: FastifyInstance, cloud: Cloud, area: Area): void {
  app.addHook('onRequest', async (request, reply) => {
    const call = cloud.log.begin(area, request.method, request.url.split('?')[0]!);
    const startedAt = performance.now();
    const { traceparent } = request.headers;
    if (typeof traceparent === 'string') call.traceparent = traceparent;
    request.call = call;
    reply.raw.once('close', () => {
      call.durationMs = Math.round(performance.now() - startedAt);
      call.aborted = !reply.raw.writableFinished;
      call.status = reply.raw.headersSent ? reply.raw.statusCode : null;
    });
    const { down, latency } = cloud.levers;
    if (down.includes(area)) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    if (latency[area]) await sleep(latency[area]);
  });
}
