/** From whatever a call to Azure OpenAI threw to what it means: for the person, and for another try. */
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import type { ErrorCode, ProblemExtras } from '#contracts';
import { AppError, challengedClaims } from '#platform';
import { firedFilter } from './content-filter.ts';
import { retryAfterMs } from './retry-after.ts';

export interface ModelFailure {
  error: AppError;
  /** `credential`: with another token. `later`: after a wait. `never`: the same would happen again. */
  retry: 'credential' | 'later' | 'never';
  /** What Azure wants of the person before it takes another token of theirs. */
  claims: string | null;
  /** The wait Azure asked for. */
  waitMs: number | null;
}

interface Judgement {
  code: ErrorCode;
  retry?: ModelFailure['retry'];
  extras?: ProblemExtras;
}

export function modelFailure(thrown: unknown, now: number): ModelFailure {
  if (thrown instanceof AppError) return { error: thrown, retry: 'never', claims: null, waitMs: null };
  const waitMs = thrown instanceof APIError ? retryAfterMs(thrown.headers, now) : null;
  const { code, retry = 'never', extras = {} } = judge(thrown);
  const shownWait =
    waitMs === null || retry !== 'later' ? {} : { retryAfterSeconds: Math.ceil(waitMs / 1000) };
  return {
    error: new AppError(code, { ...extras, ...shownWait }, { cause: loggable(thrown) }),
    retry,
    claims: thrown instanceof APIError && thrown.status === 401 ? claimsOf(thrown) : null,
    waitMs,
  };
}

function judge(thrown: unknown): Judgement {
  if (thrown instanceof APIConnectionTimeoutError) return { code: 'model_timeout' };
  if (thrown instanceof APIConnectionError) return { code: 'model_unavailable', retry: 'later' };
  // What remains beside Azure's own answers is a stream that broke off or was not JSON.
  if (!(thrown instanceof APIError)) return { code: 'model_unavailable', retry: 'later' };
  return byCode(thrown) ?? byStatus(thrown);
}

function byCode({ code, error }: APIError): Judgement | null {
  if (code === 'content_filter') {
    const filter = firedFilter(filterResultsOf(error));
    return { code: 'model_content_filtered', extras: filter ? { filter } : {} };
  }
  if (code === 'context_length_exceeded') return { code: 'model_context_too_long' };
  // Azure answers a missing role assignment with 401, where another token would not help.
  if (code === 'PermissionDenied') return { code: 'model_role_missing' };
  return null;
}

function byStatus({ status, headers }: APIError): Judgement {
  switch (status) {
    case 401:
      return isClaimsChallenge(headers)
        ? { code: 'reauthentication_required' }
        : { code: 'model_credential_rejected', retry: 'credential' };
    case 403:
      return { code: 'model_role_missing' };
    case 404:
      return { code: 'model_deployment_missing' };
    case 408:
      return { code: 'model_timeout' };
    case 413:
      return { code: 'model_context_too_long' };
    case 429:
      return { code: 'model_rate_limited', retry: 'later' };
  }
  if (status !== undefined && status < 500) return { code: 'model_refused_request' };
  return { code: 'model_unavailable', retry: 'later' };
}

/** Conditional Access wants more of the person than the token proves (continuous access evaluation). */
const isClaimsChallenge = (headers: Headers | undefined): boolean =>
  /insufficient_claims|\bclaims=/.test(headers?.get('www-authenticate') ?? '');

const claimsOf = ({ headers }: APIError): string | null => challengedClaims(headers?.get('www-authenticate'));

/** Azure's reference and Azure differ in whether the name ends in an s. */
function filterResultsOf(error: unknown): unknown {
  const { innererror } = (error ?? {}) as { innererror?: Record<string, unknown> };
  return innererror?.content_filter_result ?? innererror?.content_filter_results;
}

/** The messages of JSON errors quote the text that they choked on, and that is content. */
const loggable = (thrown: unknown): unknown =>
  thrown instanceof SyntaxError ? new Error('A piece of the stream was not JSON') : thrown;
