import { Injectable } from '@nestjs/common';
import { type Caller, AppError, Clock, Database } from '#platform';
import { ChatConfig } from '../config/chat-config.ts';
import { dailyQuota, secondsUntilNextDay, usageDay } from './quota.ts';

export interface TokenCount {
  inputTokens: number;
  outputTokens: number;
}

/** What people used, by day and model. */
@Injectable()
export class UsageDays {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: ChatConfig,
  ) {}

  async record(userId: string, model: string, { inputTokens, outputTokens }: TokenCount): Promise<void> {
    await this.database.rows(
      `INSERT INTO usage_days AS used (user_id, day, model, input_tokens, output_tokens, requests)
       VALUES ($1, $2, $3, $4, $5, 1)
       ON CONFLICT (user_id, day, model) DO UPDATE SET
         input_tokens = used.input_tokens + excluded.input_tokens,
         output_tokens = used.output_tokens + excluded.output_tokens,
         requests = used.requests + 1`,
      [userId, usageDay(this.clock.now()), model, inputTokens, outputTokens],
    );
  }

  /** Answers that still run are not counted yet: a quota is a limit on the day, not on the last answer. */
  async requireQuota({ userId, roles }: Pick<Caller, 'userId' | 'roles'>): Promise<void> {
    const quota = dailyQuota(roles, this.config.dailyTokenQuota);
    if (quota === null) return;
    const now = this.clock.now();
    const [used] = await this.database.rows<{ tokens: string }>(
      `SELECT coalesce(sum(input_tokens + output_tokens), 0) AS tokens
       FROM usage_days WHERE user_id = $1 AND day = $2`,
      [userId, usageDay(now)],
    );
    if (Number(used?.tokens ?? 0) >= quota)
      throw new AppError('quota_exceeded', { retryAfterSeconds: secondsUntilNextDay(now) });
  }
}
