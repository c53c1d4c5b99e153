import { z } from 'zod';
import { azureTokenSchema, signInMethodSchema, signInMethods } from './auth.ts';
import { pageOf, pageQuerySchema, timeSchema } from './paging.ts';
import { heldRoleSchema, permissionSchema, roleSchema } from './permissions.ts';

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

/** A minus sign turns the order around. Who has never signed in counts as the earliest. */
export const peopleSorts = [
  '-createdAt',
  'createdAt',
  'displayName',
  '-displayName',
  '-lastSignInAt',
  'lastSignInAt',
] as const;
export type PeopleSort = (typeof peopleSorts)[number];

export const peopleQuerySchema = pageQuerySchema.extend({
  /** Of the same `sort`. It carries a name, so it can be longer than others. */
  cursor: z.string().min(1).max(1000).optional(),
  sort: z.enum(peopleSorts).default('-createdAt'),
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

/** What Entra named for somebody last, and what the rules of now make of it; null for who has not been here since it is kept. */
export const rolesSeenSchema = z.object({
  seen: z
    .object({
      groups: z.array(z.string()),
      appRoles: z.array(z.string()),
      /** Of their last sign-in, or of the last renewal of their token. */
      seenAt: timeSchema,
      outcome: simulatedRolesSchema,
    })
    .nullable(),
});
export type RolesSeen = z.infer<typeof rolesSeenSchema>;

/** One entry of the audit log. Names are kept as they were: a deleted person stays in it as text. */
export const auditEntrySchema = z.object({
  id: z.uuid(),
  /** Without gaps, in the order in which the acts were committed. */
  sequence: z.number().int(),
  occurredAt: timeSchema,
  actor: z.object({
    id: z.uuid().nullable(),
    email: z.string().nullable(),
    displayName: z.string().nullable(),
  }),
  action: z.string(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  outcome: z.enum(['success', 'failure']),
  details: z.record(z.string(), z.unknown()),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
});
export type AuditEntryWire = z.infer<typeof auditEntrySchema>;

/** An entry is addressed by its place in the log. */
export const sequenceParamSchema = z.object({ sequence: z.coerce.number().int().positive() });

export const auditFilterSchema = z.object({
  action: z.string().max(100).optional(),
  /** An id of a person, or the beginning of words of their name or e-mail address. */
  actor: z.string().max(200).optional(),
  outcome: z.enum(['success', 'failure']).optional(),
  from: timeSchema.optional(),
  /** Exclusive. */
  to: timeSchema.optional(),
  /** Beginnings of words anywhere in the entry; all must match. */
  search: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;
/** Newest first. */
export const auditQuerySchema = pageQuerySchema.extend(auditFilterSchema.shape);
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditPageSchema = pageOf(auditEntrySchema).extend({
  total: z.number().int(),
  /** Counting stops at a bound, so that a page costs the same in any log: then there are at least `total`. */
  totalIsLowerBound: z.boolean(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditExportQuerySchema = auditFilterSchema.extend({ format: z.enum(['csv', 'jsonl']) });

export const auditVerificationSchema = z.object({
  valid: z.boolean(),
  /** Entries whose hashes were computed anew. */
  checked: z.number().int(),
  firstBrokenSequence: z.number().int().nullable(),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

/** How many days back the charts look. */
export const overviewQuerySchema = z.object({ days: z.coerce.number().int().min(1).max(90).default(30) });
export type OverviewQuery = z.infer<typeof overviewQuerySchema>;

/** Days are UTC, oldest first, none left out. */
export const overviewSchema = z.object({
  generatedAt: timeSchema,
  people: z.object({ total: z.number().int(), active: z.number().int() }),
  sessions: z.object({ active: z.number().int(), people: z.number().int() }),
  /** People by the state of their Azure token. */
  azureTokens: z.record(azureTokenSchema.shape.status, z.number().int()),
  signIns: z.array(
    z.object({
      day: z.iso.date(),
      /** Succeeded, by method; API callers count as `api_bearer`. */
      succeeded: z.record(z.enum([...signInMethods, 'api_bearer']), z.number().int()),
      failed: z.number().int(),
    }),
  ),
  usage: z.array(
    z.object({
      day: z.iso.date(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      requests: z.number().int(),
    }),
  ),
  /** The ten who used most in these days. */
  usageByPerson: z.array(
    z.object({
      user: z.object({ id: z.uuid(), email: z.string().nullable(), displayName: z.string() }),
      tokens: z.number().int(),
    }),
  ),
  /** Failed acts by what they were and why, the ten most frequent, those first. */
  failures: z.array(z.object({ action: z.string(), code: z.string().nullable(), count: z.number().int() })),
});
export type Overview = z.infer<typeof overviewSchema>;

export const personUsageSchema = z.object({
  usage: z.array(
    z.object({
      day: z.iso.date(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      requests: z.number().int(),
    }),
  ),
});
export type PersonUsage = z.infer<typeof personUsageSchema>;
