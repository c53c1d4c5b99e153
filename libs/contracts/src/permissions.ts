/** Permissions guard routes, socket events and screens; roles are only names for sets of them. */
import { z } from 'zod';

export const permissions = [
  'chat.read',
  'chat.use',
  'users.read',
  'users.manage',
  'sessions.manage',
  'audit.read',
  'audit.export',
] as const;
export const permissionSchema = z.enum(permissions);
export type Permission = z.infer<typeof permissionSchema>;

export const roles = ['admin', 'auditor', 'user', 'viewer'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Where a role comes from: Entra's groups and app roles, an administrator here, or DEFAULT_ROLE where Entra names none. */
export const roleSources = ['entra', 'granted', 'default'] as const;
export const heldRoleSchema = z.object({ role: roleSchema, source: z.enum(roleSources) });
export type HeldRole = z.infer<typeof heldRoleSchema>;

export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  admin: permissions,
  auditor: ['users.read', 'audit.read', 'audit.export', 'chat.read'],
  user: ['chat.read', 'chat.use'],
  viewer: ['chat.read'],
};

/** The union over the roles, in the order of `permissions`. */
export function permissionsOf(held: readonly Role[]): Permission[] {
  const granted = new Set(held.flatMap((role) => rolePermissions[role]));
  return permissions.filter((permission) => granted.has(permission));
}
