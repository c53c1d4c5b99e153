import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was deleted of late, so that a token from before does not bring them back. */
export class KnownOfPeople1764000000012 implements MigrationInterface {
  name = 'KnownOfPeople1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deleted_people (
        tenant_id uuid NOT NULL,
        object_id uuid NOT NULL,
        deleted_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, object_id)
      );
      CREATE INDEX deleted_people_by_time ON deleted_people (deleted_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deleted_people');
  }
}
