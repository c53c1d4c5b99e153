/** Who gets which role: pure rules over groups and app roles, as Entra states them. */
import { type HeldRole, type Role, type RoleReason, roles } from '#contracts';

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

/** Every rule that fires. Groups and app roles add up; the default fires only where nothing else does. */
export function reasonsOf(
  { groups, appRoles }: EntraStanding,
  { roleMappings, allowedRoles, defaultRole }: RoleRules,
): RoleReason[] {
  const member = new Set(groups);
  const named = new Set<string>(appRoles);
  const fired: RoleReason[] = [
    ...roleMappings
      .filter(({ group }) => member.has(group))
      .map((rule) => ({ rule: 'group', ...rule }) as const),
    ...roles
      .filter((role) => named.has(role))
      .map((role) => ({ rule: 'app_role', appRole: role, role }) as const),
  ];
  const allowed = fired.filter(({ role }) => allowedRoles.includes(role));
  return allowed.length === 0 && defaultRole ? [{ rule: 'default', role: defaultRole }] : allowed;
}

/** What Entra gives somebody, in the order of `roles`. */
export interface GivenRoles {
  roles: Role[];
  /** DEFAULT_ROLE stands in, because Entra names no role. */
  rolesByDefault: boolean;
  /** What it follows from: kept to be shown, and not decided on again. */
  standing?: EntraStanding;
}

export function givenRoles(standing: EntraStanding, rules: RoleRules): GivenRoles {
  const reasons = reasonsOf(standing, rules);
  return {
    roles: roles.filter((role) => reasons.some((reason) => reason.role === role)),
    rolesByDefault: reasons.some(({ rule }) => rule === 'default'),
    standing,
  };
}

interface Holder {
  rolesFromEntra: readonly Role[];
  grantedRoles: readonly Role[];
}

/** Entra's and ours together, in the order of `roles`. */
export const effectiveRoles = (user: Holder): Role[] =>
  roles.filter((role) => user.rolesFromEntra.includes(role) || user.grantedRoles.includes(role));

/** Each role with where it comes from; twice where it comes from both. */
export const heldRoles = (user: Holder & { rolesByDefault: boolean }): HeldRole[] =>
  roles.flatMap((role) => [
    ...(user.rolesFromEntra.includes(role)
      ? [{ role, source: user.rolesByDefault ? 'default' : 'entra' } as const]
      : []),
    ...(user.grantedRoles.includes(role) ? [{ role, source: 'granted' } as const] : []),
  ]);
