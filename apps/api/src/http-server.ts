/** Fastify, as strict as it can be told to be: what is unusual is refused before any handler sees it. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify';
import type { Logger } from 'pino';
import { clientAddress, inRequest, sendProblem, toAppError, userAgentOf } from '#platform';
import type { AppConfig } from './config.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { Draining } from './processes/draining.ts';
import { OpenRequests } from './processes/open-requests.ts';
import { traceRequests } from './telemetry/request-spans.ts';
import { contentSecurityPolicy, serveSite } from './web/static-site.ts';

/** Above the longest message with all its characters escaped. */
const largestBodyBytes = 1024 * 1024;
/** Who takes longer to say what they want holds a connection and nothing else: soon not even that (security.md F25). */
const slowest = { headersMs: 10_000, requestMs: 20_000, lookEveryMs: 1_000 };

export const createAdapter = ({ TRUSTED_PROXIES }: AppConfig['server'], logger: Logger): FastifyAdapter =>
  new FastifyAdapter<RawServerDefault>({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Our own: one from outside could not be trusted to be unique, or short.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: TRUSTED_PROXIES.length > 0 ? TRUSTED_PROXIES : false,
    bodyLimit: largestBodyBytes,
    requestTimeout: slowest.requestMs,
    http: { headersTimeout: slowest.headersMs, connectionsCheckingInterval: slowest.lookEveryMs },
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 200,
    },
    // An address that cannot be decoded never reaches a handler, nor the filter of problems.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, toAppError(error), request.id),
    clientErrorHandler: answerMalformed,
    skipMiddie: true,
  });

const malformed: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
/** For an answer to arrive. */
const lastWordsMs = 1_000;

/**
 * What is no HTTP gets an answer that arrives: a connection that is only cut looks to a web server in front as if this
 * process had failed, and one such request after the other would have it ask none.
 */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return void socket.destroy();
  // More of the same came after the answer.
  if (!socket.writable) return;
  const status = malformed[error.code ?? ''] ?? '400 Bad Request';
  socket.setTimeout(lastWordsMs, () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

export async function prepareServer(app: NestFastifyApplication, { server, auth }: AppConfig): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  app.get(RequestMetrics).watch(fastify);
  traceRequests(fastify);
  fastify.addHook('onRequest', establishContext);
  fastify.addHook('onResponse', logRequest);
  app.get(OpenRequests).watch(fastify);
  const draining = app.get(Draining);
  fastify.addHook('onRequest', (_request, reply, done) => {
    // The next request on this connection is for another process.
    if (draining.isUnderWay) void reply.header('connection', 'close');
    done();
  });
  acceptOnlyJson(fastify);
  await fastify.register(fastifyCookie);
  await fastify.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: auth.isHttps ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  const isBuilt = await serveSite(fastify);
  if (!isBuilt) fastify.log.warn('The web app is not built: npm run build. Only the API is served.');
  if (!server.REDIS_URL)
    fastify.log.info('REDIS_URL is not set: this API runs as one process; a second one is refused.');
}

function establishContext(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  void reply.header('x-request-id', request.id).header('content-security-policy', contentSecurityPolicy());
  // By the route that was found, for an address can be spelled in many ways.
  const { url: route } = request.routeOptions;
  if (/^\/api(\/|$)/i.test(route ?? request.url)) void reply.header('cache-control', 'no-store');
  inRequest(
    {
      requestId: request.id,
      address: clientAddress(request.ip),
      userAgent: userAgentOf(request.headers),
      isAdministration: route?.startsWith('/api/admin/') ?? false,
    },
    done,
  );
}

function logRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  request.log.info({ req: request, res: reply, ms: Math.round(reply.elapsedTime) });
  done();
}

/** Other types are what a form of a foreign page could send. An empty body is no body, whatever its type claims. */
function acceptOnlyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}
