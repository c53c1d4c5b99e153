import { Injectable } from '@nestjs/common';
import type { Permission } from '#contracts';
import { Clock, Database, topic } from '#platform';
import type { GivenRoles } from './roles.ts';
import { User } from './user.entity.ts';

export interface PersonFromEntra extends GivenRoles {
  tenantId: string;
  objectId: string;
  email: string | null;
  displayName: string;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  jobTitle: string | null;
}

export interface SavedUser extends User {
  isNew: boolean;
}

/** Told on every process after the commit: a person's rights or standing are others than before. */
export const userChanged = topic<{ userId: string }>('user.changed');
/** Told besides: what they may no longer do. Whoever does it in their name stops. */
export const permissionsWithdrawn = topic<{ userId: string; permissions: Permission[] }>(
  'user.permissions-withdrawn',
);

/** What was written here stays: Entra is asked for the other fields only. */
const unlessEdited = (column: string, field: string): string =>
  `${column} = CASE WHEN '${field}' = ANY(users.edited_fields) THEN users.${column} ELSE excluded.${column} END`;

@Injectable()
export class Users {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  find(id: string): Promise<User | null> {
    return this.database.repository(User).findOneBy({ id });
  }

  findByIdentity(tenantId: string, objectId: string): Promise<User | null> {
    return this.database.repository(User).findOneBy({ tenantId, objectId });
  }

  /** Inside a transaction: whoever changes the person waits for the other. */
  findLocked(id: string): Promise<User | null> {
    return this.database.repository(User).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /**
   * Creates the person, or brings the profile of a known one up to date. Of several first sign-ins at once, one is the
   * first. The roles of a known person change through EntraRoles alone.
   */
  async saveFromEntra(person: PersonFromEntra): Promise<SavedUser> {
    const [saved] = await this.database.rows<{ id: string; is_new: boolean }>(
      `INSERT INTO users (tenant_id, object_id, email, display_name, first_name, last_name, department, job_title,
         roles_from_entra, roles_by_default, created_at, updated_at, last_sign_in_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11)
       ON CONFLICT (tenant_id, object_id) DO UPDATE SET
         email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
         ${unlessEdited('display_name', 'displayName')},
         ${unlessEdited('department', 'department')},
         ${unlessEdited('job_title', 'jobTitle')},
         updated_at = excluded.updated_at, last_sign_in_at = excluded.last_sign_in_at
       RETURNING id, xmax = 0 AS is_new`,
      [
        person.tenantId,
        person.objectId,
        person.email,
        person.displayName,
        person.firstName,
        person.lastName,
        person.department,
        person.jobTitle,
        person.roles,
        person.rolesByDefault,
        this.clock.now(),
      ],
    );
    const user = await this.database.repository(User).findOneByOrFail({ id: saved?.id ?? '' });
    return { ...user, isNew: saved?.is_new ?? false };
  }
}
