/** What a change by an administrator makes of a person, and how the log tells it: pure, over the row before. */
import { editableFields, type UpdatePerson } from '#contracts';
import type { AuditAction } from '#audit';
import { heldRoles } from '../users/roles.ts';
import type { User } from '../users/user.entity.ts';

type Changeable = Pick<
  User,
  'displayName' | 'department' | 'jobTitle' | 'editedFields' | 'isActive' | 'grantedRoles'
>;

export function updated(user: User, update: UpdatePerson): User {
  const { isActive = user.isActive, isAdmin } = update;
  return { ...user, ...profileOf(user, update), isActive, grantedRoles: grantedRoles(user, isAdmin) };
}

/** What is written here counts from now on; what is given back stays as it is until Entra says it anew. */
function profileOf(
  user: User,
  update: UpdatePerson,
): Pick<Changeable, (typeof editableFields)[number]> & Pick<Changeable, 'editedFields'> {
  const edited = new Set(user.editedFields);
  for (const field of editableFields) {
    if (update[field] === null) edited.delete(field);
    else if (update[field] !== undefined) edited.add(field);
  }
  return {
    displayName: update.displayName ?? user.displayName,
    department: written(update.department, user.department),
    jobTitle: written(update.jobTitle, user.jobTitle),
    editedFields: editableFields.filter((field) => edited.has(field)),
  };
}

/** Empty text is none. */
const written = (value: string | null | undefined, before: string | null): string | null =>
  value == null ? before : value || null;

function grantedRoles({ grantedRoles: before }: User, isAdmin: boolean | undefined): User['grantedRoles'] {
  if (isAdmin === undefined || before.includes('admin') === isAdmin) return before;
  return isAdmin ? [...before, 'admin'] : before.filter((role) => role !== 'admin');
}

export interface Act {
  action: AuditAction;
  details: { source: 'administrator'; before: object; after: object };
}

const profileFields = [...editableFields, 'editedFields'] as const;

/** One entry for each kind of act; none where nothing is different. */
export function actsBetween(before: User, after: User): Act[] {
  const act = (action: AuditAction, read: (user: User) => object): Act => ({
    action,
    details: { source: 'administrator', before: read(before), after: read(after) },
  });
  const changed = profileFields.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const acts: Act[] = [];
  if (changed.length > 0)
    acts.push(
      act('user.updated', (user) => Object.fromEntries(changed.map((field) => [field, user[field]]))),
    );
  if (before.isActive !== after.isActive)
    acts.push(act(after.isActive ? 'user.enabled' : 'user.disabled', ({ isActive }) => ({ isActive })));
  if (before.grantedRoles.length !== after.grantedRoles.length) {
    const isGranted = after.grantedRoles.length > before.grantedRoles.length;
    acts.push(
      act(isGranted ? 'user.role_granted' : 'user.role_withdrawn', (user) => ({ roles: heldRoles(user) })),
    );
  }
  return acts;
}
