import { z } from 'zod';
import { azureTokenSchema, signInMethodSchema } from './auth.ts';
import { pageOf, pageQuerySchema, timeSchema } from './paging.ts';
import { permissionSchema, roleSchema } from './permissions.ts';

/** Where a role comes from: Entra's groups and app roles, an administrator here, or DEFAULT_ROLE where Entra names none. */
export const roleSources = ['entra', 'granted', 'default'] as const;
export const heldRoleSchema = z.object({ role: roleSchema, source: z.enum(roleSources) });
export type HeldRole = z.infer<typeof heldRoleSchema>;

/** Fields that can be written here although Entra has them too: what was written stays until it is given back. */
export const editableFields = ['displayName', 'department', 'jobTitle'] as const;
export type EditableField = (typeof editableFields)[number];

export const personSchema = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  displayName: z.string(),
  department: z.string().nullable(),
  jobTitle: z.string().nullable(),
  isActive: z.boolean(),
  /** Whether they are one, whatever the source; `roles` says which. */
  isAdmin: z.boolean(),
  /** A role may be there twice, once for each source. */
  roles: z.array(heldRoleSchema),
  createdAt: timeSchema,
  lastSignInAt: timeSchema.nullable(),
});
export type Person = z.infer<typeof personSchema>;
export const personPageSchema = pageOf(personSchema);

export const personDetailSchema = personSchema.extend({
  tenantId: z.guid(),
  objectId: z.guid(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  permissions: z.array(permissionSchema),
  /** Written here: a sign-in does not overwrite them. */
  editedFields: z.array(z.enum(editableFields)),
  azureToken: azureTokenSchema,
  updatedAt: timeSchema,
});
export type PersonDetail = z.infer<typeof personDetailSchema>;

/** Query strings know no booleans: only the words count. */
const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

export const peopleQuerySchema = pageQuerySchema.extend({
  /** Beginnings of words of the name and the e-mail address; all must match. */
  search: z.string().max(200).optional(),
  role: roleSchema.optional(),
  active: yesOrNo.optional(),
});
export type PeopleQuery = z.infer<typeof peopleQuerySchema>;

const line = (min: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(200)
    // eslint-disable-next-line no-control-regex -- control characters are what it is about
    .regex(/^[^\0-\x1f\x7f]*$/, 'must be one line of text');

/** What is not named cannot be written. `null` gives a field back to Entra: its value comes with the next sign-in. */
export const updatePersonSchema = z
  .strictObject({
    isActive: z.boolean().optional(),
    /** Grants or withdraws the role `admin` here; what Entra gives stays. */
    isAdmin: z.boolean().optional(),
    displayName: line(1).nullable().optional(),
    department: line(0).nullable().optional(),
    jobTitle: line(0).nullable().optional(),
  })
  .default({});
export type UpdatePerson = z.infer<typeof updatePersonSchema>;

export const administeredSessionSchema = z.object({
  id: z.uuid(),
  user: z.object({ id: z.uuid(), email: z.string().nullable(), displayName: z.string() }),
  method: signInMethodSchema,
  /** In words: `Chrome on Windows`. */
  device: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema,
  authenticatedAt: timeSchema,
  idleExpiresAt: timeSchema,
  absoluteExpiresAt: timeSchema,
  firstAddress: z.string().nullable(),
  lastAddress: z.string().nullable(),
  /** The administrator's own, through which they ask. */
  isCurrent: z.boolean(),
});
export type AdministeredSession = z.infer<typeof administeredSessionSchema>;
export const administeredSessionPageSchema = pageOf(administeredSessionSchema);

/** Which group gives which role, as configured. */
export const roleMappingsSchema = z.object({
  mappings: z.array(z.object({ group: z.guid(), role: roleSchema })),
  allowedRoles: z.array(roleSchema),
  defaultRole: roleSchema.nullable(),
});
export type RoleMappings = z.infer<typeof roleMappingsSchema>;

export const simulateRolesSchema = z.object({
  groups: z.array(z.guid().transform((id) => id.toLowerCase())).max(2000),
  appRoles: z.array(z.string().max(200)).max(200).default([]),
});
export type SimulateRoles = z.input<typeof simulateRolesSchema>;

/** A rule that fired. */
export const roleReasonSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('group'), group: z.string(), role: roleSchema }),
  z.object({ rule: z.literal('app_role'), appRole: z.string(), role: roleSchema }),
  z.object({ rule: z.literal('default'), role: roleSchema }),
]);
export type RoleReason = z.infer<typeof roleReasonSchema>;

export const simulatedRolesSchema = z.object({
  roles: z.array(roleSchema),
  permissions: z.array(permissionSchema),
  because: z.array(roleReasonSchema),
});
export type SimulatedRoles = z.infer<typeof simulatedRolesSchema>;
