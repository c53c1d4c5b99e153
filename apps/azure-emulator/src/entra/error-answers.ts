import type { FastifyError, FastifyInstance } from 'fastify';
import type { Site } from '../cloud.ts';
import { EntraError } from './errors.ts';

/** Entra's JSON for what Entra refuses; anything else is a fault of the caller or of the emulator, and says so. */
export function answerEntraErrors(app: FastifyInstance, { addresses }: Site): void {
  app.setErrorHandler((error: FastifyError | EntraError, request, reply) => {
    if (!(error instanceof EntraError)) {
      const status = error.statusCode ?? 500;
      if (status >= 500) console.error(error);
      return reply
        .code(status)
        .send({ error: { code: error.code ?? 'EmulatorError', message: error.message } });
    }
    if (request.call) request.call.error = error.refusal.error;
    const correlation = request.headers['client-request-id'];
    if (error.refusal.retryAfter !== undefined) reply.header('retry-after', error.refusal.retryAfter);
    return reply
      .code(error.status)
      .header('cache-control', 'no-store')
      .send(error.body(addresses.authority, typeof correlation === 'string' ? correlation : undefined));
  });
}
