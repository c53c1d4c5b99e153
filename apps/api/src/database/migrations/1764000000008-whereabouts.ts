import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where this database was when the API last started: a copy restored elsewhere still says where it came from. */
export class Whereabouts1764000000008 implements MigrationInterface {
  name = 'Whereabouts1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE whereabouts (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        cluster text NOT NULL,
        database text NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE whereabouts');
  }
}
