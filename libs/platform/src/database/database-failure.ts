/** SQLSTATE classes: 08 connection, 53 resources, 57P operator intervention, 25006 read-only. */
const unavailableState = /^(08...|53...|57P0[1-5]|25006)$/;
const unavailableCode = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);
/**
 * node-postgres has no code for the first three. The others are TypeORM's: the connection broke between two statements of a
 * transaction, and this process is ending.
 */
const withoutCode = new RegExp(
  [
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Query runner already released',
    'provided by a query runner was already released',
    'Driver not Connected',
  ].join('|'),
);
const uniqueViolation = '23505';

interface DriverFailure {
  code?: string;
  constraint?: string;
  message?: string;
  driverError?: DriverFailure;
}

const driverFailure = (error: unknown): DriverFailure => {
  const failure = (error ?? {}) as DriverFailure;
  return failure.driverError ?? failure;
};

/** True when the statement failed because the database cannot be used now, not because it was wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, message } = driverFailure(error);
  if (typeof code === 'string') return unavailableState.test(code) || unavailableCode.has(code);
  return withoutCode.test(message ?? '');
}

/** Whether a unique constraint refused the row; `constraint` narrows it to one. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const failure = driverFailure(error);
  return failure.code === uniqueViolation && failure.constraint === constraint;
}
