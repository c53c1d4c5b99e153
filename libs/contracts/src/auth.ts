import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { pageOf, timeSchema } from './paging.ts';
import { heldRoleSchema, permissionSchema, roleSchema } from './permissions.ts';

export const signInMethods = ['authorization_code', 'device_code', 'azure_cli'] as const;
export const signInMethodSchema = z.enum(signInMethods);
export type SignInMethod = z.infer<typeof signInMethodSchema>;

export const methodsSchema = z.object({
  methods: z.array(signInMethodSchema),
  tenant: z.string().nullable(),
});
export type Methods = z.infer<typeof methodsSchema>;

/** Query strings know no booleans: only the words count. */
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true');

/** An unusable `returnTo` is a clear 400 only when it is not one short string; where it leads is decided later. */
export const loginQuerySchema = z.object({
  returnTo: z
    .string()
    .max(2048)
    // eslint-disable-next-line no-control-regex -- control characters are what it is about
    .regex(/^[^\0-\x1f]*$/)
    .optional(),
  remember: flag,
  /** Sign in once more, as the same person, for an act that needs a recent sign-in. */
  stepUp: flag,
  /** Sign in once more, as the same person, because Azure asks for it: its claims challenge goes along. */
  confirm: flag,
});
export type LoginQuery = z.infer<typeof loginQuerySchema>;

export const callbackQuerySchema = z.object({
  code: z.string().max(8192).optional(),
  state: z.string().max(512).optional(),
  error: z.string().max(256).optional(),
  error_description: z.string().max(8192).optional(),
});
export type CallbackQuery = z.infer<typeof callbackQuerySchema>;

export const beginDeviceSchema = z.object({
  method: z.enum(['device_code', 'azure_cli']).default('device_code'),
  remember: z.boolean().default(false),
});
export type BeginDevice = z.input<typeof beginDeviceSchema>;

export const deviceAttemptSchema = z.object({
  attemptId: z.uuid(),
  userCode: z.string(),
  verificationUri: z.url(),
  message: z.string(),
  expiresAt: timeSchema,
  intervalSeconds: z.number(),
});
export type DeviceAttempt = z.infer<typeof deviceAttemptSchema>;

export const deviceStatuses = ['pending', 'approved', 'declined', 'expired', 'failed'] as const;
export const deviceStatusSchema = z.object({
  status: z.enum(deviceStatuses),
  code: z.enum(errorCodes).optional(),
});
export type DeviceStatus = z.infer<typeof deviceStatusSchema>;

export const attemptParamSchema = z.object({ attemptId: z.uuid() });

/** `fresh` now; `expiring` within the refresh buffer; `needs_interaction` until the person signs in again. */
export const azureTokenSchema = z.object({
  status: z.enum(['fresh', 'expiring', 'expired', 'needs_interaction', 'none']),
  expiresAt: timeSchema.nullable(),
  lastRefreshedAt: timeSchema.nullable(),
});
export type AzureToken = z.infer<typeof azureTokenSchema>;
export const azureTokenAnswerSchema = z.object({ azureToken: azureTokenSchema });

/** The person as Microsoft Graph describes them, and whether the token for it was at hand or had to be fetched. */
export const graphProfileSchema = z.object({
  profile: z.object({
    id: z.string(),
    displayName: z.string().nullable(),
    givenName: z.string().nullable(),
    surname: z.string().nullable(),
    mail: z.string().nullable(),
    userPrincipalName: z.string().nullable(),
    jobTitle: z.string().nullable(),
    department: z.string().nullable(),
  }),
  tokenSource: z.enum(['cache', 'refreshed']),
});
export type GraphProfileAnswer = z.infer<typeof graphProfileSchema>;

export const sessionAnswerSchema = z.object({
  user: z.object({
    id: z.uuid(),
    email: z.string().nullable(),
    displayName: z.string(),
    roles: z.array(roleSchema),
    permissions: z.array(permissionSchema),
    isAdmin: z.boolean(),
    /** Each role once for every source it comes from. */
    heldRoles: z.array(heldRoleSchema),
  }),
  session: z.object({
    id: z.uuid(),
    method: signInMethodSchema,
    createdAt: timeSchema,
    idleExpiresAt: timeSchema,
    absoluteExpiresAt: timeSchema,
    /** When the person last proved at Entra who they are; the most sensitive acts need it to be recent. */
    authenticatedAt: timeSchema,
  }),
  azureToken: azureTokenSchema,
  csrfToken: z.string(),
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

export const meSchema = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  displayName: z.string(),
  isAdmin: z.boolean(),
  roles: z.array(roleSchema),
});

export const mySessionSchema = z.object({
  id: z.uuid(),
  method: signInMethodSchema,
  /** In words: `Chrome on Windows`. */
  device: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema,
  firstAddress: z.string().nullable(),
  lastAddress: z.string().nullable(),
  isCurrent: z.boolean(),
  /** No earlier session of this person is known from that browser. */
  isNewDevice: z.boolean(),
});
export type MySession = z.infer<typeof mySessionSchema>;
export const mySessionPageSchema = pageOf(mySessionSchema);
export const endedSessionsSchema = z.object({ ended: z.number().int() });

/** A short-lived token for scripts, tied to the session that asked for it and dead with it. */
export const accessTokenAnswerSchema = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int(),
});
export type AccessTokenAnswer = z.infer<typeof accessTokenAnswerSchema>;

export const frontChannelLogoutQuerySchema = z.object({
  iss: z.string().max(500),
  sid: z.string().min(1).max(200),
});

export const logoutAnswerSchema = z.object({ logoutUrl: z.string() });

export const csrfHeader = 'x-csrf-token';
