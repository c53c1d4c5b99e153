/**
 * There is always an active administrator. Whoever may take one away first holds the rows of all, in one order, so of
 * two administrators who demote each other at once one waits, finds the other gone, and is refused.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { effectiveRoles } from './roles.ts';
import type { Standing } from './standing.ts';

const isActiveAdministrator = (person: Standing): boolean =>
  person.isActive && effectiveRoles(person).includes('admin');

/** Whether the change takes an administrator away; only then the others matter. */
export const takesAdministrator = (before: Standing, after: Standing): boolean =>
  isActiveAdministrator(before) && !isActiveAdministrator(after);

/** Whether `administrators`, as `hold` has returned them, has anybody else. */
export const hasAnother = (administrators: ReadonlySet<string>, userId: string): boolean =>
  [...administrators].some((id) => id !== userId);

@Injectable()
export class Administrators {
  constructor(private readonly database: Database) {}

  /**
   * Inside a transaction, and before any other row of a person is held. Returns the ids of the active administrators,
   * who stay so until the transaction ends. Their sessions and conversations go on meanwhile.
   */
  async hold(): Promise<ReadonlySet<string>> {
    const rows = await this.database.rows<{ id: string }>(
      `SELECT id FROM users WHERE is_active AND (roles_from_entra || granted_roles) @> '{admin}'
       ORDER BY id FOR NO KEY UPDATE`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}
