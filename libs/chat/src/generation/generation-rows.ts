import { Injectable } from '@nestjs/common';
import { AppError, Clock, Database } from '#platform';
import type { Answer } from './answer.ts';
import { StoredGeneration } from './generation.entity.ts';
import type { FinishedStatus } from './outcome.ts';
import type { StopScope } from './stop-scope.ts';
import { timing } from './timing.ts';

export type NewGeneration = Pick<
  StoredGeneration,
  'id' | 'messageId' | 'conversationId' | 'userId' | 'sessionId' | 'runnerId'
>;

/** Who may still write to a running generation: the process that holds its lease, or anybody once that lapsed. */
export type Writer = { runnerId: string } | 'anybody-once-lapsed';

const stopColumns = { generationId: 'id', sessionId: 'session_id', userId: 'user_id' } as const;

/**
 * The table of generations. Leases are told by the database's clock, the only one that all processes share.
 */
@Injectable()
export class GenerationRows {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async add(row: NewGeneration): Promise<void> {
    await this.database.rows(
      `INSERT INTO generations
         (id, message_id, conversation_id, user_id, session_id, runner_id, status, lease_until, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'streaming', now() + make_interval(secs => $7), $8)`,
      [
        row.id,
        row.messageId,
        row.conversationId,
        row.userId,
        row.sessionId,
        row.runnerId,
        timing.leaseSeconds,
        this.clock.now(),
      ],
    );
  }

  find(userId: string, id: string): Promise<StoredGeneration | null> {
    return this.repository.findOneBy({ id, userId });
  }

  async require(userId: string, id: string): Promise<StoredGeneration> {
    const row = await this.find(userId, id);
    if (!row) throw new AppError('not_found');
    return row;
  }

  running(conversationId: string): Promise<StoredGeneration | null> {
    return this.repository.findOneBy({ conversationId, status: 'streaming' });
  }

  /**
   * The conversations in which answers are written for this person, also by other processes. Holds the transaction's place
   * among those that begin one for them: of two that could both be the last one, one is.
   */
  async runningOf(userId: string): Promise<string[]> {
    await this.database.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `answers of ${userId}`,
    ]);
    const rows = await this.database.rows<{ id: string }>(
      `SELECT conversation_id AS id FROM generations WHERE user_id = $1 AND status = 'streaming'`,
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  /** The one that was begun with the question itself, not by a later "regenerate". */
  async firstFor(questionId: string): Promise<StoredGeneration> {
    return this.repository
      .createQueryBuilder('g')
      .innerJoin('messages', 'm', 'm.id = g.message_id')
      .where('m.parent_id = :questionId', { questionId })
      .orderBy('m.ordinal')
      .limit(1)
      .getOneOrFail();
  }

  /** Renews the lease as well. `lost`: the row is gone or another process has ended it. */
  async saveProgress(
    id: string,
    runnerId: string,
    { text, deltaEnds }: Answer,
  ): Promise<'kept' | 'stop-requested' | 'lost'> {
    const [row] = await this.database.rows<{ stop: boolean }>(
      `UPDATE generations SET text = $3, delta_ends = $4, last_seq = $5,
         lease_until = now() + make_interval(secs => $6)
       WHERE id = $1 AND runner_id = $2 AND status = 'streaming'
       RETURNING stop_requested_at IS NOT NULL AS stop`,
      [id, runnerId, text, deltaEnds, deltaEnds.length, timing.leaseSeconds],
    );
    if (!row) return 'lost';
    return row.stop ? 'stop-requested' : 'kept';
  }

  /** The text moves to the message, so here it ends. False when the writer is too late. */
  async finish(id: string, writer: Writer, status: FinishedStatus, { deltaEnds }: Answer): Promise<boolean> {
    const runnerId = writer === 'anybody-once-lapsed' ? null : writer.runnerId;
    const rows = await this.database.rows(
      `UPDATE generations SET status = $3, text = '', delta_ends = $4, last_seq = $5, lease_until = NULL,
         finished_at = $6
       WHERE id = $1 AND status = 'streaming'
         AND CASE WHEN $2::uuid IS NULL THEN lease_until < now() ELSE runner_id = $2::uuid END
       RETURNING id`,
      [id, runnerId, status, deltaEnds, deltaEnds.length, this.clock.now()],
    );
    return rows.length > 0;
  }

  /** Whose lease has lapsed, apart from those that this very process still works on. */
  lapsed(except: readonly string[]): Promise<StoredGeneration[]> {
    return this.repository
      .createQueryBuilder('g')
      .where(`g.status = 'streaming' AND g.lease_until < now() AND g.id <> ALL(:except::uuid[])`, { except })
      .orderBy('g.lease_until')
      .limit(50)
      .getMany();
  }

  /** Several processes ask for the same at once: in one order, or they would wait for each other. */
  async requestStop(scope: StopScope): Promise<void> {
    const [[name, value] = []] = Object.entries(scope) as [keyof typeof stopColumns, string][];
    if (!name) return;
    await this.database.rows(
      `UPDATE generations SET stop_requested_at = $2
       WHERE id IN (
         SELECT id FROM generations
         WHERE ${stopColumns[name]} = $1 AND status = 'streaming' AND stop_requested_at IS NULL
         ORDER BY id FOR UPDATE)`,
      [value, this.clock.now()],
    );
  }

  private get repository() {
    return this.database.repository(StoredGeneration);
  }
}
