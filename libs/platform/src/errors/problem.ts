/** One mapping from any thrown value to what the caller sees, for HTTP, sockets and streams alike. */
import { HttpException } from '@nestjs/common';
import { type ErrorCode, errorTable, type Problem } from '#contracts';
import { isDatabaseUnavailable } from '../database/database-failure.ts';
import { AppError } from './app-error.ts';

const codeOfStatus: Record<number, ErrorCode> = {
  400: 'validation_failed',
  401: 'not_authenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'service_unavailable',
};

/** Fastify refuses requests by errors with codes of its own; a status in anybody else's error is not about our caller. */
function refusedStatus(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const isRefusal = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return isRefusal && String(code).startsWith('FST_') ? statusCode : null;
}

export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) return new AppError('service_unavailable', {}, { cause: error });
  const status = refusedStatus(error);
  const code =
    status === null ? undefined : (codeOfStatus[status] ?? (status < 500 ? 'validation_failed' : undefined));
  return new AppError(code ?? 'internal', {}, { cause: error });
}

export function toProblem(error: AppError, requestId: string): Problem {
  const { status, title, detail } = errorTable[error.code];
  return {
    type: `urn:entrada:error:${error.code}`,
    title,
    status,
    detail,
    code: error.code,
    requestId,
    ...error.extras,
  };
}
