import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** How many requests are being answered. */
@Injectable()
export class OpenRequests {
  count = 0;

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.count += 1;
      // Also when the client goes away before the answer is complete.
      reply.raw.once('close', () => (this.count -= 1));
      done();
    });
  }
}
