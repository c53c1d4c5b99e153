/** JSON lines. Each carries the ids of request, user and trace where there are any; never content, tokens or query strings. */
import { type LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { isDatabaseUnavailable } from '../database/database-failure.ts';
import { currentRequest } from '../http/request-context.ts';
import { describeError, escapeControls, withoutSecrets } from './redaction.ts';
import { currentTrace } from './tracing.ts';

/** These have serializers, which take out what is worth writing. */
const serialized = new Set(['err', 'req', 'res']);
const describeFields = (fields: object) => withoutSecrets(fields, serialized);

export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const pen = destination ?? pino.destination(1);
  return pino(
    {
      level,
      base: undefined,
      formatters: { level: (label) => ({ level: label }), log: describeFields },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: (error: unknown) => describeError(error),
        req: (request: { method: string; url: string }) => ({
          method: request.method,
          path: request.url.split('?', 1)[0],
        }),
        res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
      },
      mixin: () => {
        const request = currentRequest();
        return {
          ...(request && {
            requestId: request.requestId,
            userId: request.actor?.id,
            sessionId: request.sessionId,
          }),
          ...currentTrace(),
        };
      },
    },
    { write: (line: string) => pen.write(escapeControls(line)) },
  );
}

/** Names under which Nest recounts how it assembles the application: of use only to who looks for a fault in that. */
const assemblyContexts = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** Nest's own lines and those of `new Logger(name)` through the same pen. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]) =>
    this.write(assemblyContexts.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  /** A bare error is one that nobody caught, of a task that comes again: while the database is away that is known. */
  error = (message: unknown, ...rest: unknown[]) =>
    this.write(message instanceof Error && isDatabaseUnavailable(message) ? 'warn' : 'error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);

  /** Nest passes the logger's name last and, for errors, a stack before it. */
  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal',
    message: unknown,
    rest: unknown[],
  ) {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const line = typeof message === 'object' && message !== null ? message : { msg: String(message) };
    const fields = line instanceof Error ? { err: line } : line;
    this.logger[level]({ ...fields, ...(context ? { context } : {}), ...(stack ? { stack } : {}) });
  }
}
