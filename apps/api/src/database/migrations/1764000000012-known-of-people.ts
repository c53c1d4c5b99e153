import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who was deleted of late, so that a token from before does not bring them back; and the groups and app roles that Entra
 * named for each person last, which go with the person.
 */
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

      CREATE TABLE entra_standings (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        groups text[] NOT NULL,
        app_roles text[] NOT NULL,
        seen_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE entra_standings, deleted_people');
  }
}
