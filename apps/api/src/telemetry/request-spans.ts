import type { FastifyInstance } from 'fastify';
import { beginServing, markFailed } from '#platform';

/** Every call of the API but those by which machines look after it. */
const isTraced = (route: string): boolean => route.startsWith('/api/') && !route.startsWith('/api/health');

/** One span a request, named after its route: an address has ids in it, and its query may have secrets. */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? '';
    if (!isTraced(route)) return done();
    const { span, within } = beginServing(`${request.method} ${route}`, request.headers.traceparent, {
      'http.request.method': request.method,
      'http.route': route,
      'entrada.request.id': request.id,
    });
    // Also when the client goes away before the answer is complete.
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      span.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500) markFailed(span, String(statusCode));
      span.end();
    });
    within(done);
  });
}
