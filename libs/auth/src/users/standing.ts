/** Whether a person may act here, and as what: pure rules over plain values. */
import { type Permission, permissionsOf, type Role } from '#contracts';
import type { EventBus } from '#platform';
import { effectiveRoles } from './roles.ts';
import { permissionsWithdrawn, userChanged } from './users.ts';

export interface Standing {
  isActive: boolean;
  rolesFromEntra: readonly Role[];
  grantedRoles: readonly Role[];
}

/** The standing of somebody who is no longer there. */
export const gone: Standing = { isActive: false, rolesFromEntra: [], grantedRoles: [] };

/** Who is disabled may do nothing, whatever their roles. */
export const permissionsIn = (standing: Standing): Permission[] =>
  standing.isActive ? permissionsOf(effectiveRoles(standing)) : [];

export const withdrawnBetween = (before: Standing, after: Standing): Permission[] => {
  const left = permissionsIn(after);
  return permissionsIn(before).filter((permission) => !left.includes(permission));
};

/** Inside the transaction of the change; told after its commit. */
export function announceChange(bus: EventBus, userId: string, before: Standing, after: Standing): void {
  bus.publish(userChanged, { userId });
  const permissions = withdrawnBetween(before, after);
  if (permissions.length > 0) bus.publish(permissionsWithdrawn, { userId, permissions });
}
