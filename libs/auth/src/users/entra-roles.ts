import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit';
import { AppError, Clock, Database, EventBus } from '#platform';
import { Administrators, hasAnother, takesAdministrator } from './administrators.ts';
import type { GivenRoles } from './roles.ts';
import { announceChange } from './standing.ts';
import type { User } from './user.entity.ts';
import { Users } from './users.ts';

/** Each try fails only because somebody else has changed the same person meanwhile. */
const mostTries = 5;

/**
 * Takes over what Entra gives a person now. The one exception: the last active administrator keeps the role, from then
 * on as one granted here, so that the screens and the log say where it comes from and another administrator can take it.
 */
@Injectable()
export class EntraRoles {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
    private readonly users: Users,
    private readonly administrators: Administrators,
  ) {}

  /** The person as they stand then; null when they are gone. Call it before anything holds a person's row. */
  async apply(userId: string, given: GivenRoles): Promise<User | null> {
    return this.database.transaction(async () => {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = await this.users.find(userId);
        if (!before || isSame(before, given)) return before;
        const after = await this.after(before, given);
        if (await this.replace(before, after)) {
          await this.tell(before, after);
          return after;
        }
      }
      throw new AppError('conflict');
    });
  }

  private async after(before: User, { roles, rolesByDefault }: GivenRoles): Promise<User> {
    const after = { ...before, rolesFromEntra: roles, rolesByDefault, updatedAt: this.clock.now() };
    const isLast =
      takesAdministrator(before, after) && !hasAnother(await this.administrators.hold(), before.id);
    return isLast ? { ...after, grantedRoles: [...before.grantedRoles, 'admin'] } : after;
  }

  /** Only over the standing that was read: what was decided for another one may be wrong. */
  private async replace(before: User, after: User): Promise<boolean> {
    const rows = await this.database.rows(
      `UPDATE users SET roles_from_entra = $2, roles_by_default = $3, granted_roles = $4, updated_at = $5
       WHERE id = $1 AND roles_from_entra = $6 AND granted_roles = $7 AND is_active = $8 RETURNING id`,
      [
        before.id,
        after.rolesFromEntra,
        after.rolesByDefault,
        after.grantedRoles,
        after.updatedAt,
        before.rolesFromEntra,
        before.grantedRoles,
        before.isActive,
      ],
    );
    return rows.length === 1;
  }

  /** No actor: it is Entra that has changed its mind, whoever's sign-in has brought it to light. */
  private async tell(before: User, after: User): Promise<void> {
    const resource = { type: 'user', id: before.id } as const;
    if (before.rolesFromEntra.join() !== after.rolesFromEntra.join()) {
      const details = { source: 'entra', before: before.rolesFromEntra, after: after.rolesFromEntra };
      await this.audit.record({ action: 'user.roles_changed', resource, details });
    }
    if (before.grantedRoles.length !== after.grantedRoles.length) {
      const details = { source: 'entra', before: before.grantedRoles, after: after.grantedRoles };
      await this.audit.record({ action: 'user.last_admin_kept', resource, details });
    }
    announceChange(this.bus, before.id, before, after);
  }
}

const isSame = (user: User, { roles, rolesByDefault }: GivenRoles): boolean =>
  user.rolesFromEntra.join() === roles.join() && user.rolesByDefault === rolesByDefault;
