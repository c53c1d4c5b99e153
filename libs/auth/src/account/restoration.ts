import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '#audit';
import { Clock, Database, isDatabaseUnavailable } from '#platform';

interface Whereabouts {
  cluster: string;
  database: string;
}

export interface SignedOut {
  sessions: number;
  tokens: number;
}

/**
 * A backup brings back what was ended after it was made: sessions that were revoked, tokens that were wiped. Nobody can say
 * which, so after a restore everybody signs in again. A copy in another cluster, or under another id in the same one, is
 * noticed at the start; one of whole machines or disks is not, and an operator says so (`npm run restored`).
 */
@Injectable()
export class Restoration {
  private readonly logger = new Logger(Restoration.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** Before anybody is served. Of several processes that start, one acts. */
  async notice(): Promise<void> {
    const here = await this.whereabouts();
    if (!here) return;
    const signedOut = await this.database.transaction(async () => {
      const before = await this.lastKnown(here);
      if (before.cluster === here.cluster && before.database === here.database) return null;
      return this.signEverybodyOut(here, { noticed: 'at start' });
    });
    if (signedOut)
      this.logger.warn({
        msg: 'this database was restored from a backup: everybody was signed out',
        ...signedOut,
      });
  }

  /** On an operator's word. */
  async confirm(osUser: string): Promise<SignedOut> {
    const here = await this.whereabouts();
    return this.database.transaction(async () => {
      if (here) await this.lastKnown(here);
      return this.signEverybodyOut(here, { by: 'restored', osUser });
    });
  }

  private async signEverybodyOut(here: Whereabouts | null, details: object): Promise<SignedOut> {
    const sessions = await this.database.rows(
      `UPDATE sessions SET revoked_at = $1, revoked_why = 'database_restored' WHERE revoked_at IS NULL RETURNING id`,
      [this.clock.now()],
    );
    const tokens = await this.database.rows('DELETE FROM token_caches RETURNING user_id');
    await this.database.rows('DELETE FROM sign_in_attempts');
    if (here)
      await this.database.rows('UPDATE whereabouts SET cluster = $1, database = $2', [
        here.cluster,
        here.database,
      ]);
    const signedOut = { sessions: sessions.length, tokens: tokens.length };
    await this.audit.record({ action: 'database.restored', details: { ...details, ...signedOut } });
    return signedOut;
  }

  /** Held until the transaction ends; a database that has never said where it is, is where it should be. */
  private async lastKnown({ cluster, database }: Whereabouts): Promise<Whereabouts> {
    await this.database.rows(
      'INSERT INTO whereabouts (cluster, database) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [cluster, database],
    );
    const [row] = await this.database.rows<Whereabouts>(
      'SELECT cluster, database FROM whereabouts FOR UPDATE',
    );
    return row ?? { cluster, database };
  }

  /** Null where a provider does not let us see it. */
  private async whereabouts(): Promise<Whereabouts | null> {
    try {
      const [row] = await this.database.rows<Whereabouts>(
        `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS cluster,
           (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database`,
      );
      return row ?? null;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.logger.warn({ msg: 'a restored backup could not be told from this database', err: error });
      return null;
    }
  }
}
