import { Injectable } from '@nestjs/common';
import { Database } from '#platform';

export interface SignInCount {
  day: string;
  method: string | null;
  count: number;
}

export interface FailureCount {
  day: string;
  action: string;
  /** The error that it ended with, where the entry says so. */
  code: string | null;
  count: number;
}

/** How often things happened, by day (UTC). Two partial indexes keep the rest of the log out of it. */
@Injectable()
export class AuditFigures {
  constructor(private readonly database: Database) {}

  /** @param since the first day, `2026-03-01` */
  signIns(since: string): Promise<SignInCount[]> {
    return this.database.rows<SignInCount>(
      `SELECT (occurred_at AT TIME ZONE 'UTC')::date::text AS day, details->>'method' AS method, count(*)::int AS count
       FROM audit_entries
       WHERE action = 'sign_in.succeeded' AND occurred_at >= $1::timestamp AT TIME ZONE 'UTC'
       GROUP BY (occurred_at AT TIME ZONE 'UTC')::date, 2`,
      [since],
    );
  }

  /** Repeated refusals are one entry with their number. */
  failures(since: string): Promise<FailureCount[]> {
    return this.database.rows<FailureCount>(
      `SELECT (occurred_at AT TIME ZONE 'UTC')::date::text AS day, action,
         coalesce(details->>'code', details->>'reason') AS code,
         sum(CASE jsonb_typeof(details->'count') WHEN 'number' THEN (details->>'count')::int ELSE 1 END)::int AS count
       FROM audit_entries
       WHERE outcome = 'failure' AND occurred_at >= $1::timestamp AT TIME ZONE 'UTC'
       GROUP BY (occurred_at AT TIME ZONE 'UTC')::date, 2, 3`,
      [since],
    );
  }
}
