import { z } from 'zod';

/**
 * Everything a test can make this Azure do, as one value. What is not given keeps its default; `times` counts down,
 * null lasts until the reset.
 */
const times = z.number().int().positive().nullable().default(1);
const seconds = z.number().int();
const milliseconds = z.number().nonnegative();
const person = z.string().optional();
const claims = z.record(z.string(), z.unknown());

export const AREAS = [
  'discovery',
  'keys',
  'authorize',
  'token',
  'device',
  'graph',
  'management',
  'openai',
] as const;
export type Area = (typeof AREAS)[number];
const area = z.enum(AREAS);

const alteration = z.strictObject({
  times,
  person,
  grant: z.string().optional(),
  set: claims.default({}),
  remove: z.array(z.string()).default([]),
  /** Added to a numeric claim, for `exp`, `nbf` and `iat`. */
  shift: z.record(z.string(), z.number()).default({}),
  setHeader: claims.default({}),
  removeHeader: z.array(z.string()).default([]),
  sign: z
    .enum(['properly', 'none', 'wrong-key', 'embedded-key', 'hs256-secret', 'hs256-public-key', 'corrupt'])
    .default('properly'),
});

const conditionalAccess = z.strictObject({
  person,
  at: z.enum(['token', 'graph', 'openai']),
  /** Only tokens of this resource, for `at: token`: part of its name, such as "cognitiveservices". */
  resource: z.string().optional(),
  context: z.string().default('c1'),
});

const tokenFault = z.strictObject({
  times,
  person,
  grant: z.string().optional(),
  resource: z.string().optional(),
  status: z.number().int().default(400),
  error: z.string(),
  code: z.number().int().optional(),
  description: z.string().default('The emulator was told to refuse this.'),
  suberror: z.string().optional(),
  claims: claims.optional(),
  retryAfter: z.number().optional(),
});

const graphFault = z.strictObject({
  times,
  person,
  path: z.string().optional(),
  status: z.number().int(),
  code: z.string().default('serviceNotAvailable'),
  message: z.string().default('The emulator was told to refuse this.'),
  retryAfter: z.number().optional(),
  claims: claims.optional(),
});

const fault = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), times, person, deployment: z.string().optional(), ...shape });
const after = z.number().int().nonnegative().default(5);
const category = z.enum(['hate', 'self_harm', 'sexual', 'violence']).default('violence');
const severity = z.enum(['low', 'medium', 'high']).default('medium');

const openAiFault = z.discriminatedUnion('kind', [
  fault('too-many-requests', { retryAfterMs: z.number().optional(), retryAfter: z.number().optional() }),
  fault('server-error', { status: z.number().int().min(500).max(599).default(500) }),
  fault('unauthorized', {}),
  fault('insufficient-claims', { claims: claims.optional() }),
  fault('permission-denied', {}),
  fault('not-found', {}),
  fault('context-length', {}),
  fault('filter-prompt', { category, severity }),
  fault('filter-completion', { after, category, severity }),
  fault('length', { after }),
  fault('cut', { after }),
  fault('stall', { after }),
  fault('garbage', { after }),
  fault('error-event', { after }),
  fault('split-utf8', {}),
  fault('slow', { deltaMs: milliseconds.default(500) }),
]);

export const leversSchema = z.strictObject({
  tokens: z
    .strictObject({
      accessSeconds: seconds.default(3600),
      idSeconds: seconds.default(3600),
      refreshSeconds: seconds.default(90 * 86_400),
      codeSeconds: seconds.default(600),
      /** Each refresh token counts once. Entra goes on taking one that was used; stricter servers do not. */
      refreshTokensOnce: z.boolean().default(false),
      /** Entra's clock against ours; moves iat, nbf and exp, and what counts as expired. */
      clockOffsetSeconds: seconds.default(0),
      /** `requestedAccessTokenVersion` of Entrada's own API: 2 has the client id as audience, 1 the api:// URI. */
      apiVersion: z.union([z.literal(1), z.literal(2)]).default(2),
    })
    .prefault({}),
  device: z
    .strictObject({ expiresIn: seconds.default(900), interval: z.number().positive().default(5) })
    .prefault({}),
  signIn: z.strictObject({ silent: z.boolean().default(false) }).prefault({}),
  registration: z
    .strictObject({
      redirectUris: z.array(z.string()).default([]),
      logoutUrl: z.string().nullable().default(null),
      secrets: z.array(z.string()).default([]),
      certificate: z.string().nullable().default(null),
    })
    .prefault({}),
  discovery: z
    .strictObject({ set: claims.default({}), remove: z.array(z.string()).default([]) })
    .prefault({}),
  idTokens: z.array(alteration).default([]),
  accessTokens: z.array(alteration).default([]),
  conditionalAccess: z.array(conditionalAccess).default([]),
  latency: z.partialRecord(area, milliseconds).default({}),
  down: z.array(area).default([]),
  openai: z
    .strictObject({
      firstDeltaMs: milliseconds.default(150),
      deltaMs: milliseconds.default(20),
      contextTokens: z.number().int().positive().default(128_000),
    })
    .prefault({}),
  faults: z
    .strictObject({
      token: z.array(tokenFault).default([]),
      graph: z.array(graphFault).default([]),
      openai: z.array(openAiFault).default([]),
    })
    .prefault({}),
});

export type Levers = z.infer<typeof leversSchema>;
export type Alteration = z.infer<typeof alteration>;
export type OpenAiFault = z.infer<typeof openAiFault>;

/** A section that is an object keeps what the change does not name; a list is replaced. */
export function changeLevers(levers: Levers, change: Record<string, unknown>): Levers {
  const sections = Object.entries(change).map(([name, value]) => {
    const present = levers[name as keyof Levers];
    return [name, isObject(present) && isObject(value) ? { ...present, ...value } : value];
  });
  return leversSchema.parse({ ...levers, ...Object.fromEntries(sections) });
}

/** The first fault meant for this call, used up by one. */
export function takeNext<T extends { times: number | null }>(
  list: T[],
  isMeant: (item: T) => boolean,
): T | null {
  const index = list.findIndex(isMeant);
  const found = list[index];
  if (!found) return null;
  if (found.times !== null && --found.times === 0) list.splice(index, 1);
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
