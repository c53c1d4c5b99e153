import { type ErrorCode, errorTable, type ProblemExtras } from '#contracts';

/**
 * A failure that the caller is told of. The code decides status and words; `cause` is for the log only.
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly extras: ProblemExtras = {},
    options?: ErrorOptions,
  ) {
    super(errorTable[code].title, options);
    this.name = 'AppError';
  }
}
