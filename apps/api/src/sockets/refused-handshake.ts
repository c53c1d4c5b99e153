import { randomUUID } from 'node:crypto';
import type { ErrorCode, Problem } from '#contracts';
import { AppError, toProblem } from '#platform';

/** Socket.IO hands `data` of this error to the client's `connect_error`. */
export class RefusedHandshake extends Error {
  readonly data: Problem;

  constructor(refusal: ErrorCode | AppError) {
    const error = typeof refusal === 'string' ? new AppError(refusal) : refusal;
    const data = toProblem(error, randomUUID());
    super(data.title);
    this.data = data;
  }
}
