/** SQLSTATE classes: 08 connection, 53 resources, 57 operator intervention and a statement that took too long, 25006 read-only. */
const unavailableState = /^(08...|53...|57P0[1-5]|57014|25006)$/;
/** Read-only, as a standby is, or the disk is full: what only reads goes on. */
const writeRefusedState = /^(25006|53100)$/;
const unavailableCode = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/**
 * node-postgres has no code for the first four. The others are TypeORM's: the connection broke between two statements of a
 * transaction, and this process is ending.
 */
const withoutCode = new RegExp(
  [
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'connection error and is not queryable',
    'Query runner already released',
    'provided by a query runner was already released',
    'Driver not Connected',
  ].join('|'),
);
const uniqueViolation = '23505';

/** TypeORM lets go of a connection that breaks between two statements of a transaction; the next one meets this. */
const lostRunner = /^QueryRunner(Provider)?AlreadyReleasedError$/;

interface DriverFailure {
  name?: string;
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
  const { name, code, message } = driverFailure(error);
  if (lostRunner.test(name ?? '')) return true;
  if (typeof code === 'string') return unavailableState.test(code) || unavailableCode.has(code);
  return withoutCode.test(message ?? '');
}

/** True when the database answers and can be read, but takes nothing new. */
export const isWriteRefused = (error: unknown): boolean =>
  writeRefusedState.test(driverFailure(error).code ?? '');

/** Whether a unique constraint refused the row; `constraint` narrows it to one. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const failure = driverFailure(error);
  return failure.code === uniqueViolation && failure.constraint === constraint;
}
