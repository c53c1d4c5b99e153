import { Injectable } from '@nestjs/common';
import type { Role } from '#contracts';
import { Clock, Database, topic } from '#platform';
import { User } from './user.entity.ts';

export interface PersonFromEntra {
  tenantId: string;
  objectId: string;
  email: string | null;
  displayName: string;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  jobTitle: string | null;
  roles: Role[];
}

/** Told on every process after the commit: a person's rights or standing are others than before. */
export const userChanged = topic<{ userId: string }>('user.changed');

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

  /** Creates or updates the person and returns them. Safe against two first sign-ins at once. */
  async saveFromEntra({ roles, ...person }: PersonFromEntra): Promise<User> {
    const now = this.clock.now();
    const users = this.database.repository(User);
    await users
      .createQueryBuilder()
      .insert()
      .values({
        ...person,
        rolesFromEntra: roles,
        grantedRoles: [],
        isActive: true,
        createdAt: now,
        updatedAt: now,
        lastSignInAt: now,
      })
      .orUpdate(
        [
          'email',
          'display_name',
          'first_name',
          'last_name',
          'department',
          'job_title',
          'roles_from_entra',
          'updated_at',
          'last_sign_in_at',
        ],
        ['tenant_id', 'object_id'],
      )
      .execute();
    return users.findOneByOrFail({ tenantId: person.tenantId, objectId: person.objectId });
  }
}
