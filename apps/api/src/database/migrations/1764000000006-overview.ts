import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the overview counts by day. Each index holds only the entries that its chart is about. */
export class Overview1764000000006 implements MigrationInterface {
  name = 'Overview1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_entries_signed_in ON audit_entries (occurred_at) WHERE action = 'sign_in.succeeded';
      CREATE INDEX audit_entries_failed ON audit_entries (occurred_at) WHERE outcome = 'failure';
      CREATE INDEX usage_days_by_day ON usage_days (day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX audit_entries_signed_in, audit_entries_failed, usage_days_by_day');
  }
}
