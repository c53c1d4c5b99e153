/** Who gets which role: pure rules over groups and app roles, as Entra states them. */
import { type Role, roles } from '#contracts';

export interface RoleRules {
  roleMappings: readonly { group: string; role: Role }[];
  allowedRoles: readonly Role[];
  defaultRole: Role | undefined;
}

export interface EntraStanding {
  /** Object ids of all groups, lower-case. */
  groups: readonly string[];
  /** Values of the `roles` claim. */
  appRoles: readonly string[];
}

/** Roles of all matching groups and app roles add up; the default counts only where none does. */
export function rolesOf(
  { groups, appRoles }: EntraStanding,
  { roleMappings, allowedRoles, defaultRole }: RoleRules,
): Role[] {
  const member = new Set(groups);
  const given = new Set<string>([
    ...roleMappings.filter(({ group }) => member.has(group)).map(({ role }) => role),
    ...appRoles,
  ]);
  const held = roles.filter((role) => given.has(role) && allowedRoles.includes(role));
  return held.length === 0 && defaultRole ? [defaultRole] : held;
}

/** Entra's and ours together, in the order of `roles`. */
export const effectiveRoles = (user: {
  rolesFromEntra: readonly Role[];
  grantedRoles: readonly Role[];
}): Role[] => roles.filter((role) => user.rolesFromEntra.includes(role) || user.grantedRoles.includes(role));
