import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One refresh at a time for each person, over all processes; the lowest expiry, for the metric; sign-ins that answer a
 * claims challenge.
 */
export class TokenRefresh1764000000003 implements MigrationInterface {
  name = 'TokenRefresh1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE token_caches ADD COLUMN lease_holder uuid, ADD COLUMN lease_until timestamptz;
      CREATE INDEX token_caches_by_expiry ON token_caches (expires_at) WHERE refresh_due_at IS NOT NULL;
      ALTER TABLE sign_in_attempts ADD COLUMN confirms boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sign_in_attempts DROP COLUMN confirms;
      DROP INDEX token_caches_by_expiry;
      ALTER TABLE token_caches DROP COLUMN lease_holder, DROP COLUMN lease_until;
    `);
  }
}
