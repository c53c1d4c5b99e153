import { type ErrorCode, type Problem, errorTable, isErrorCode, problemSchema } from '#contracts';

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  401: 'not_authenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  502: 'service_unavailable',
  503: 'service_unavailable',
  504: 'service_unavailable',
};

export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    super(`${problem.code}: ${problem.title}`, options);
    this.name = 'ApiProblem';
  }
}

/** The words for a code, for where the web app itself has to say what happened. */
export function problemOf(code: ErrorCode, words: Partial<Problem> = {}): Problem {
  const { status, title, detail } = errorTable[code];
  return { type: 'about:blank', status, title, detail, code, requestId: '', ...words };
}

/**
 * What a failed answer says. A proxy in between answers without our format, and a newer server may know codes
 * that this page does not: its words are kept, its code becomes the nearest one known here.
 */
export function readProblem(status: number, body: unknown): Problem {
  const exact = problemSchema.safeParse(body);
  if (exact.success) return exact.data;
  const nearest = codeOfStatus[status] ?? 'internal';
  const foreign = problemSchema.omit({ code: true }).safeParse(body);
  return foreign.success ? { ...foreign.data, code: nearest } : problemOf(nearest, { status });
}

/** Status 0 marks that no answer came at all. */
export const unreachable: Problem = problemOf('service_unavailable', {
  status: 0,
  title: 'The server cannot be reached',
  detail: 'Check your connection and try again.',
});

export function toProblem(error: unknown): Problem {
  return error instanceof ApiProblem ? error.problem : problemOf('internal');
}

/** Azure wants another sign-in, but the session here goes on. */
const aboutAzure = new Set<ErrorCode>(['reauthentication_required', 'model_credential_rejected']);
export const needsConfirmation = (code: ErrorCode): boolean => aboutAzure.has(code);
export const endsSession = (code: ErrorCode): boolean =>
  errorTable[code].status === 401 && !aboutAzure.has(code);

/** The words for a code that travelled in a URL, where anything may stand. */
export function wordsFor(code: string): { title: string; detail: string } {
  if (isErrorCode(code)) return errorTable[code];
  return { title: 'Sign-in did not work', detail: 'Something unexpected happened. Start again.' };
}
