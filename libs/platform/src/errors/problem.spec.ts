import {
  BadRequestException,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
} from '@nestjs/common';
import {
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
  TypeORMError,
} from 'typeorm';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, errorTable, problemSchema } from '#contracts';
import { AppError } from './app-error.ts';
import { toAppError, toProblem } from './problem.ts';

const canary = 'canary SELECT secret FROM vault';
const failed = (properties: object) => Object.assign(new Error(canary), properties);

describe('a problem', () => {
  it.each(errorCodes)('%s has the status and the words of the table, and nothing of its cause', (code) => {
    const problem = toProblem(new AppError(code, {}, { cause: new Error(canary) }), 'request-1');
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem).toEqual({
      type: `urn:entrada:error:${code}`,
      ...errorTable[code],
      code,
      requestId: 'request-1',
    });
  });

  it('carries what the code adds', () => {
    const issues = [{ path: 'title', message: 'too long' }];
    expect(toProblem(new AppError('validation_failed', { issues }), 'r')).toMatchObject({
      issues,
      status: 400,
    });
  });
});

describe('any thrown value', () => {
  it.each<[string, unknown, ErrorCode]>([
    ['our own', new AppError('no_role'), 'no_role'],
    ['a refusal by Nest', new BadRequestException(canary), 'validation_failed'],
    ['an unknown route', new NotFoundException(canary), 'not_found'],
    ['a method', new HttpException(canary, 405), 'method_not_allowed'],
    ['a refusal that the table does not know', new HttpException(canary, 418), 'validation_failed'],
    ['a failure of Nest', new InternalServerErrorException(canary), 'internal'],
    ['a gateway of Nest', new HttpException(canary, 502), 'internal'],
    ['nothing available, by Nest', new HttpException(canary, 503), 'service_unavailable'],
    [
      'a body that is too large, by Fastify',
      failed({ statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' }),
      'payload_too_large',
    ],
    [
      'a type, by Fastify',
      failed({ statusCode: 415, code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' }),
      'unsupported_media_type',
    ],
    [
      'a broken body, by Fastify',
      failed({ statusCode: 400, code: 'FST_ERR_CTP_INVALID_JSON_BODY' }),
      'validation_failed',
    ],
    ['a failure of Fastify', failed({ statusCode: 500, code: 'FST_ERR_ANY' }), 'internal'],
    [
      'a client library that was refused elsewhere',
      failed({ statusCode: 401, code: 'invalid_token' }),
      'internal',
    ],
    ['a client library without code', failed({ statusCode: 404 }), 'internal'],
    ['the database, gone', failed({ code: 'ECONNREFUSED' }), 'service_unavailable'],
    ['the database, shutting down', failed({ driverError: { code: '57P01' } }), 'service_unavailable'],
    ['the database, full', failed({ driverError: { code: '53300' } }), 'service_unavailable'],
    [
      'the database, gone between two statements of a transaction',
      new QueryRunnerAlreadyReleasedError(),
      'service_unavailable',
    ],
    ['the same, seen from outside', new QueryRunnerProviderAlreadyReleasedError(), 'service_unavailable'],
    ['the database, let go of at the end', new TypeORMError('Driver not Connected'), 'service_unavailable'],
    ['the database, slow', new Error('Query read timeout'), 'service_unavailable'],
    ['a constraint', failed({ driverError: { code: '23505', detail: canary } }), 'internal'],
    ['an error', new Error(canary), 'internal'],
    ['a text', canary, 'internal'],
    ['nothing', undefined, 'internal'],
    ['null', null, 'internal'],
  ])('LOG-05: %s is told without its text', (_, thrown, code) => {
    const error = toAppError(thrown);
    expect(error.code).toBe(code);
    expect(JSON.stringify(toProblem(error, 'r')) + error.message).not.toContain('canary');
  });
});
