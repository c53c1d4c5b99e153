import type { MigrationInterface, QueryRunner } from 'typeorm';

const name = 'lower(left(display_name, 100)), id';
/** Who has never signed in comes before everybody else. */
const signIn = `coalesce(last_sign_in_at, '-infinity'), id`;
const rare = [
  ['users_inactive', 'NOT is_active'],
  ...['admin', 'auditor', 'user', 'viewer'].map((role) => [
    `users_as_${role}`,
    `(roles_from_entra || granted_roles) @> '{${role}}'`,
  ]),
];

/**
 * `users_roles` tells the planner how many hold a role; without it a common one is taken for rare, and all who hold it
 * are read and sorted.
 *
 * People by name and by last sign-in, for each filter as well: to sort what a filter finds, all of it would be read.
 * `last_sign_in_at` gets milliseconds, as the cursor has.
 */
export class PeopleSorted1764000000007 implements MigrationInterface {
  name = 'PeopleSorted1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ALTER COLUMN last_sign_in_at TYPE timestamptz(3);
      CREATE STATISTICS users_roles ON (roles_from_entra || granted_roles) FROM users;
      CREATE INDEX users_by_name ON users (${name});
      CREATE INDEX users_by_sign_in ON users (${signIn});
      ${rare
        .map(
          ([index, condition]) => `
      CREATE INDEX ${index}_by_name ON users (${name}) WHERE ${condition};
      CREATE INDEX ${index}_by_sign_in ON users (${signIn}) WHERE ${condition};`,
        )
        .join('')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const indexes = ['users', ...rare.map(([index]) => index)].flatMap((index) => [
      `${index}_by_name`,
      `${index}_by_sign_in`,
    ]);
    await runner.query(`
      DROP STATISTICS users_roles;
      DROP INDEX ${indexes.join(', ')};
      ALTER TABLE users ALTER COLUMN last_sign_in_at TYPE timestamptz;
    `);
  }
}
