import { Injectable } from '@nestjs/common';
import { Clock, Database, secondsAfter } from '#platform';
import { longestTokenSeconds } from '../entra/access-token-life.ts';
import { clockToleranceSeconds } from '../entra/id-token.ts';

interface Identity {
  tenantId: string;
  objectId: string;
}

/**
 * Deleting somebody is no ban: who proves anew who they are is somebody new. A token that was issued before proves
 * nothing new, on whichever process it turns up.
 */
@Injectable()
export class DeletedPeople {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Inside the transaction of the deletion. */
  async remember({ tenantId, objectId }: Identity): Promise<void> {
    await this.database.rows(
      `INSERT INTO deleted_people (tenant_id, object_id, deleted_at) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, object_id) DO UPDATE SET deleted_at = excluded.deleted_at`,
      [tenantId, objectId, this.clock.now()],
    );
  }

  /**
   * Whether they were deleted after `issuedAt`, a time by Entra's clock. After their row is written, in the same
   * transaction: it waits for a deletion that is under way.
   */
  async areSince({ tenantId, objectId }: Identity, issuedAt: Date): Promise<boolean> {
    const rows = await this.database.rows(
      'SELECT FROM deleted_people WHERE tenant_id = $1 AND object_id = $2 AND deleted_at >= $3',
      [tenantId, objectId, secondsAfter(issuedAt, -clockToleranceSeconds)],
    );
    return rows.length > 0;
  }

  /** Those of whom every token has expired. */
  async forget(): Promise<void> {
    const before = secondsAfter(this.clock.now(), -longestTokenSeconds - 2 * clockToleranceSeconds);
    await this.database.rows('DELETE FROM deleted_people WHERE deleted_at < $1', [before]);
  }
}
