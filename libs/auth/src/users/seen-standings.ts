import { Injectable } from '@nestjs/common';
import { Clock, Database } from '#platform';
import type { EntraStanding } from './roles.ts';

export interface SeenStanding extends EntraStanding {
  seenAt: Date;
}

/** What Entra said of each person last, so that it can be shown why they have a role. Nothing is decided on it. */
@Injectable()
export class SeenStandings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whoever is gone is not remembered. */
  async keep(userId: string, { groups, appRoles }: EntraStanding): Promise<void> {
    await this.database.rows(
      `INSERT INTO entra_standings (user_id, groups, app_roles, seen_at)
       SELECT id, $2, $3, $4 FROM users WHERE id = $1
       ON CONFLICT (user_id) DO UPDATE
         SET groups = excluded.groups, app_roles = excluded.app_roles, seen_at = excluded.seen_at`,
      [userId, groups, appRoles, this.clock.now()],
    );
  }

  /** Null for somebody who has not been here since it is kept. */
  async of(userId: string): Promise<SeenStanding | null> {
    const [row] = await this.database.rows<{ groups: string[]; app_roles: string[]; seen_at: Date }>(
      'SELECT groups, app_roles, seen_at FROM entra_standings WHERE user_id = $1',
      [userId],
    );
    return row ? { groups: row.groups, appRoles: row.app_roles, seenAt: row.seen_at } : null;
  }
}
