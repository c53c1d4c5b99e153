import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { AzureToken } from '#contracts';
import { Clock, Database } from '#platform';
import { User } from '../users/user.entity.ts';
import { TokenHealth } from '../vault/token-health.ts';

export type PersonName = Pick<User, 'id' | 'email' | 'displayName'>;

/** How many there are: people, live sessions, Azure tokens by their state. */
@Injectable()
export class PeopleFigures {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tokenHealth: TokenHealth,
  ) {}

  async people(): Promise<{ total: number; active: number }> {
    const [counted] = await this.database.rows<{ total: number; active: number }>(
      `SELECT count(*)::int AS total, (count(*) FILTER (WHERE is_active))::int AS active FROM users`,
    );
    return counted!;
  }

  async sessions(): Promise<{ active: number; people: number }> {
    const [counted] = await this.database.rows<{ active: number; people: number }>(
      `SELECT coalesce(sum(held), 0)::int AS active, count(*)::int AS people
       FROM (SELECT count(*) AS held FROM sessions
             WHERE revoked_at IS NULL AND idle_expires_at > $1 GROUP BY user_id) AS each`,
      [this.clock.now()],
    );
    return counted!;
  }

  /** Of everybody in `people`: who has nothing in the vault counts as `none`. */
  async azureTokens({ total }: { total: number }): Promise<Record<AzureToken['status'], number>> {
    const held = await this.tokenHealth.count();
    const inVault = Object.values(held).reduce((sum, count) => sum + count, 0);
    return { ...held, none: held.none + Math.max(0, total - inVault) };
  }

  async namesOf(ids: readonly string[]): Promise<Map<string, PersonName>> {
    const people = await this.database
      .repository(User)
      .find({ select: { id: true, email: true, displayName: true }, where: { id: In([...ids]) } });
    return new Map(people.map(({ id, email, displayName }) => [id, { id, email, displayName }]));
  }
}
