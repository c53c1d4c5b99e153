import { randomUUID } from 'node:crypto';
import { FAILURES } from './failures.ts';

export type Failure = keyof typeof FAILURES;

export interface EntraErrorBody {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri?: string;
  suberror?: string;
  claims?: string;
}

export interface Refusal {
  error: string;
  code?: number | null;
  description: string;
  suberror?: string;
  claims?: Record<string, unknown>;
  status?: number;
  retryAfter?: number;
}

export class EntraError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code ? `AADSTS${refusal.code}: ${refusal.description}` : refusal.description);
    this.refusal = refusal;
  }

  get status(): number {
    return this.refusal.status ?? (this.refusal.error === 'invalid_client' ? 401 : 400);
  }

  body(authority: string, correlationId: string = randomUUID()): EntraErrorBody {
    const { error, code, suberror, claims } = this.refusal;
    const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
    const trace = randomUUID();
    return {
      error,
      error_description: `${this.message} Trace ID: ${trace} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: code ? [code] : [],
      timestamp,
      trace_id: trace,
      correlation_id: correlationId,
      ...(code && { error_uri: `${authority}/error?code=${code}` }),
      ...(suberror && { suberror }),
      ...(claims && { claims: JSON.stringify(claims) }),
    };
  }
}

export function refuse(failure: Failure, detail = '', claims?: Record<string, unknown>): EntraError {
  const [code, error, text, suberror] = FAILURES[failure] as [number | null, string, string, string?];
  return new EntraError({ error, code, description: text.replace('{0}', detail), suberror, claims });
}
