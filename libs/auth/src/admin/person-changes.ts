import { Injectable } from '@nestjs/common';
import type { UpdatePerson } from '#contracts';
import { AuditLog } from '#audit';
import { AppError, Clock, Database, EventBus } from '#platform';
import { SessionEndings } from '../account/session-endings.ts';
import { Administrators, hasAnother, takesAdministrator } from '../users/administrators.ts';
import { DeletedPeople } from '../account/deleted-people.ts';
import { effectiveRoles, heldRoles } from '../users/roles.ts';
import { announceChange, gone, type Standing } from '../users/standing.ts';
import { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';
import { type Act, actsBetween, updated } from './person-update.ts';

/**
 * What administrators do to people. Each act is one transaction: the row, the entries, the end of sessions and Azure
 * tokens; whatever acts in the person's name is told after the commit.
 */
@Injectable()
export class PersonChanges {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
    private readonly users: Users,
    private readonly administrators: Administrators,
    private readonly endings: SessionEndings,
    private readonly deleted: DeletedPeople,
  ) {}

  /** `by` is the administrator's id. */
  async update(id: string, update: UpdatePerson, by: string): Promise<User> {
    if (Object.values(update).every((value) => value === undefined))
      throw new AppError('no_fields_to_update');
    const mayTake = update.isActive === false || update.isAdmin === false;
    return this.changing(id, mayTake, async (before, administrators) => {
      const after = { ...updated(before, update), updatedAt: this.clock.now() };
      requireAnother(administrators, id, before, after);
      const acts = actsBetween(before, after);
      if (acts.length === 0) return before;
      const { displayName, department, jobTitle, editedFields, isActive, grantedRoles, updatedAt } = after;
      await this.database
        .repository(User)
        .update(
          { id },
          { displayName, department, jobTitle, editedFields, isActive, grantedRoles, updatedAt },
        );
      await this.record(id, acts);
      await this.endSessions(after, by);
      announceChange(this.bus, id, before, after);
      return after;
    });
  }

  /** Sessions, tokens and conversations go along; the log keeps the person as text. */
  async remove(id: string, by: string): Promise<void> {
    await this.changing(id, true, async (before, administrators) => {
      requireAnother(administrators, id, before, gone);
      const { tenantId, objectId, email, displayName } = before;
      const person = { tenantId, objectId, email, displayName, roles: heldRoles(before) };
      await this.record(id, [
        { action: 'user.deleted', details: { source: 'administrator', before: person, after: {} } },
      ]);
      await this.endings.endAll(id, { why: 'account_disabled', by });
      await this.database.repository(User).delete({ id });
      await this.deleted.remember(before);
      announceChange(this.bus, id, before, gone);
    });
  }

  /** Holds all administrators first where one may be taken away, then the person. */
  private changing<Result>(
    id: string,
    mayTake: boolean,
    change: (before: User, administrators: ReadonlySet<string>) => Promise<Result>,
  ): Promise<Result> {
    return this.database.transaction(async () => {
      const administrators = mayTake ? await this.administrators.hold() : new Set<string>();
      const before = await this.users.findLocked(id);
      if (!before) throw new AppError('not_found');
      return change(before, administrators);
    });
  }

  private async record(id: string, acts: readonly Act[]): Promise<void> {
    for (const act of acts) await this.audit.record({ ...act, resource: { type: 'user', id } });
  }

  /** Who is disabled, or left without any role, is signed out everywhere. */
  private async endSessions(after: User, by: string): Promise<void> {
    if (!after.isActive) await this.endings.endAll(after.id, { why: 'account_disabled', by });
    else if (effectiveRoles(after).length === 0)
      await this.endings.endAll(after.id, { why: 'rights_changed', by });
  }
}

function requireAnother(
  administrators: ReadonlySet<string>,
  id: string,
  before: Standing,
  after: Standing,
): void {
  if (takesAdministrator(before, after) && !hasAnother(administrators, id)) throw new AppError('last_admin');
}
