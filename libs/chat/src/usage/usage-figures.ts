import { Injectable } from '@nestjs/common';
import { Database } from '#platform';

export interface UsageOfDay {
  day: string;
  inputTokens: number;
  outputTokens: number;
  requests: number;
}

/** Sums of `usage_days`. Days are UTC; those without use are left out. */
@Injectable()
export class UsageFigures {
  constructor(private readonly database: Database) {}

  /** @param since the first day, `2026-03-01` */
  byDay(since: string): Promise<UsageOfDay[]> {
    return this.sums('day >= $1', [since]);
  }

  byDayOf(userId: string, since: string): Promise<UsageOfDay[]> {
    return this.sums('day >= $1 AND user_id = $2', [since, userId]);
  }

  /** Who used most, the first the most. */
  async topPeople(since: string, limit: number): Promise<{ userId: string; tokens: number }[]> {
    const rows = await this.database.rows<{ userId: string; tokens: string }>(
      `SELECT user_id AS "userId", sum(input_tokens + output_tokens) AS tokens
       FROM usage_days WHERE day >= $1 GROUP BY user_id
       ORDER BY sum(input_tokens + output_tokens) DESC, user_id LIMIT $2`,
      [since, limit],
    );
    return rows.map(({ userId, tokens }) => ({ userId, tokens: Number(tokens) }));
  }

  private async sums(condition: string, parameters: unknown[]): Promise<UsageOfDay[]> {
    const rows = await this.database.rows<Record<keyof UsageOfDay, string>>(
      `SELECT day::text AS day, sum(input_tokens) AS "inputTokens", sum(output_tokens) AS "outputTokens",
         sum(requests) AS requests
       FROM usage_days WHERE ${condition} GROUP BY day ORDER BY day`,
      parameters,
    );
    return rows.map(({ day, inputTokens, outputTokens, requests }) => ({
      day,
      inputTokens: Number(inputTokens),
      outputTokens: Number(outputTokens),
      requests: Number(requests),
    }));
  }
}
