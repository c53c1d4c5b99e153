import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, Optional } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentRequest } from '../http/request-context.ts';
import type { AppError } from './app-error.ts';
import { toAppError, toProblem } from './problem.ts';
import { RefusalLog } from './refusal-log.ts';

type Acknowledge = (answer: { ok: false; error: ReturnType<typeof toProblem> }) => void;

/** Answers every failure as a problem: an HTTP body, or the acknowledgement of a socket event. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(@Optional() private readonly refusals?: RefusalLog) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const error = toAppError(thrown);
    this.log(error);
    await this.refusals?.hear(error, host);
    if (host.getType() === 'ws') {
      // Nest hands an event handler (socket, data, acknowledge, pattern).
      const acknowledge: unknown = host.getArgByIndex(2);
      const problem = toProblem(error, currentRequest()?.requestId ?? '');
      if (typeof acknowledge === 'function') (acknowledge as Acknowledge)({ ok: false, error: problem });
      return;
    }
    const http = host.switchToHttp();
    sendProblem(http.getResponse<FastifyReply>(), error, http.getRequest<FastifyRequest>().id);
  }

  private log(error: AppError): void {
    if (error.code === 'internal') this.logger.error({ code: error.code, err: error.cause });
    else if (error.code === 'service_unavailable') this.logger.warn({ code: error.code, err: error.cause });
    else this.logger.debug({ code: error.code, err: error.cause });
  }
}

export function sendProblem(reply: FastifyReply, error: AppError, requestId: string): void {
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const problem = toProblem(error, requestId);
  if (error.extras.retryAfterSeconds !== undefined)
    reply.header('retry-after', error.extras.retryAfterSeconds);
  else if (problem.status === 503) reply.header('retry-after', 5);
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}
