import type { z } from 'zod';
import { type SessionAnswer, csrfHeader, sessionAnswerSchema } from '#contracts';
import { ApiProblem, problemOf, readProblem, unreachable } from './problem.ts';
import { traceparent } from './trace.ts';

/** Kept in memory only: whoever can read storage must not be able to write in somebody's name. */
let csrfToken = '';
export const currentCsrfToken = (): string => csrfToken;

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
  /** The id of what it is a part of. */
  action?: string;
}

async function attempt(path: string, { method = 'GET', body, signal, action }: Call): Promise<Response> {
  const headers = new Headers({ accept: 'application/json', traceparent: traceparent(action) });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET' && csrfToken !== '') headers.set(csrfHeader, csrfToken);
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(unreachable, { cause: error });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

async function send(path: string, call: Call): Promise<Response> {
  let response = await attempt(path, call);
  if (response.ok) return response;
  let problem = readProblem(response.status, await readJson(response));
  if (problem.code === 'csrf_failed') {
    // Signing in again in another tab changes the token under this one.
    await fetchSession();
    response = await attempt(path, call);
    if (response.ok) return response;
    problem = readProblem(response.status, await readJson(response));
  }
  throw new ApiProblem(problem);
}

/** @throws {ApiProblem} for every failure, an answer of the wrong shape included. */
export async function request<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  call: Call = {},
): Promise<z.output<Schema>> {
  const response = await send(path, call);
  const answer = schema.safeParse(await readJson(response));
  if (!answer.success) throw new ApiProblem(problemOf('internal'), { cause: answer.error });
  return answer.data;
}

/** For calls whose answer has nothing to read. */
export async function command(path: string, call: Call): Promise<void> {
  await send(path, call);
}

export function rememberCsrfToken(answer: SessionAnswer): SessionAnswer {
  csrfToken = answer.csrfToken;
  return answer;
}

export async function fetchSession(signal?: AbortSignal): Promise<SessionAnswer> {
  return rememberCsrfToken(
    await request('/api/auth/session', sessionAnswerSchema, signal === undefined ? {} : { signal }),
  );
}

export function forgetCsrfToken(): void {
  csrfToken = '';
}
