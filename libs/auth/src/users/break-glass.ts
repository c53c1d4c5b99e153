import { AuditLog } from '#audit';
import { AppError, Clock, Database } from '#platform';
import { heldRoles } from './roles.ts';
import { User } from './user.entity.ts';

const idShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** For the operator's shell, when nobody who could do it can sign in. Whoever holds the database holds this anyway. */
export class BreakGlass {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** Whom an e-mail address, an object id or our own id means. An address may mean several people. */
  find(who: string): Promise<User[]> {
    const query = this.database.repository(User).createQueryBuilder('u').orderBy('u.created_at').limit(20);
    const condition = idShape.test(who)
      ? 'u.object_id = :who OR u.id = :who'
      : 'lower(u.email) = lower(:who)';
    return query.where(condition, { who }).getMany();
  }

  /** Makes them an active administrator; false when they are one already. `osUser` is who runs the command. */
  async grantAdmin(id: string, osUser: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const users = this.database.repository(User);
      const before = await users.findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
      if (!before) throw new AppError('not_found');
      const isGranted = before.grantedRoles.includes('admin');
      if (isGranted && before.isActive) return false;
      const grantedRoles: User['grantedRoles'] = isGranted
        ? before.grantedRoles
        : [...before.grantedRoles, 'admin'];
      await users.update({ id }, { grantedRoles, isActive: true, updatedAt: this.clock.now() });
      const describe = (user: User) => ({ isActive: user.isActive, roles: heldRoles(user) });
      await this.audit.record({
        action: 'user.role_granted',
        resource: { type: 'user', id },
        details: {
          by: 'break-glass',
          source: 'break-glass',
          osUser,
          before: describe(before),
          after: describe({ ...before, grantedRoles, isActive: true }),
        },
      });
      return true;
    });
  }
}
