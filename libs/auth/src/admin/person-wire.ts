import { type AzureToken, type Person, type PersonDetail, permissionsOf } from '#contracts';
import { effectiveRoles, heldRoles } from '../users/roles.ts';
import type { User } from '../users/user.entity.ts';

export const toPerson = (user: User): Person => ({
  id: user.id,
  email: user.email,
  displayName: user.displayName,
  department: user.department,
  jobTitle: user.jobTitle,
  isActive: user.isActive,
  isAdmin: effectiveRoles(user).includes('admin'),
  roles: heldRoles(user),
  createdAt: user.createdAt.toISOString(),
  lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
});

export const toPersonDetail = (user: User, azureToken: AzureToken): PersonDetail => ({
  ...toPerson(user),
  tenantId: user.tenantId,
  objectId: user.objectId,
  firstName: user.firstName,
  lastName: user.lastName,
  permissions: permissionsOf(effectiveRoles(user)),
  editedFields: user.editedFields,
  azureToken,
  updatedAt: user.updatedAt.toISOString(),
});
