import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For filters of two fields, each of which is frequent by itself: somebody's failures, somebody's acts of one kind, the
 * successes of a kind of act that mostly fails. All in the order of the sequence, so that a page ends where it is full. The
 * statistics tell the planner what goes together: for what never happens it would walk the whole log.
 */
export class AuditFilters1764000000013 implements MigrationInterface {
  name = 'AuditFilters1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_chain_failures_by_actor ON audit_chain (actor_id, sequence DESC) WHERE outcome = 'failure';
      CREATE INDEX audit_chain_failures_by_subject ON audit_chain (subject, sequence DESC)
        WHERE outcome = 'failure' AND subject IS NOT NULL;
      CREATE INDEX audit_chain_by_actor_and_action ON audit_chain (actor_id, action, sequence DESC);
      CREATE INDEX audit_chain_by_action_and_outcome ON audit_chain (action, outcome, sequence DESC);
      CREATE STATISTICS audit_chain_outcomes (mcv) ON action, outcome FROM audit_chain;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP STATISTICS audit_chain_outcomes;
      DROP INDEX audit_chain_failures_by_actor, audit_chain_failures_by_subject, audit_chain_by_actor_and_action,
        audit_chain_by_action_and_outcome;
    `);
  }
}
