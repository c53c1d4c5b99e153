/** The orders of the list of people: each by an expression that has its index, then by id. */
import { z } from 'zod';
import { type PeopleSort, peopleSorts, timeSchema } from '#contracts';
import { AppError, decodeCursor } from '#platform';
import type { User } from '../users/user.entity.ts';

interface Key {
  /** As the index has it. */
  column: string;
  /** The same of the value that a cursor brings. */
  given: string;
  valueOf: (user: User) => string | null;
  valueSchema: z.ZodType<string | null>;
}

const keys: Record<'createdAt' | 'displayName' | 'lastSignInAt', Key> = {
  createdAt: {
    column: 'u.created_at',
    given: ':value',
    valueOf: ({ createdAt }) => createdAt.toISOString(),
    valueSchema: timeSchema,
  },
  // The database's own lower() on both sides, and no more of a long name than an index entry can hold.
  displayName: {
    column: 'lower(left(u.display_name, 100))',
    given: 'lower(left(:value, 100))',
    valueOf: ({ displayName }) => [...displayName].slice(0, 100).join(''),
    valueSchema: z
      .string()
      .max(200)
      .refine((name) => !name.includes('\0')),
  },
  // Who has never signed in has done so before everybody else.
  lastSignInAt: {
    column: `coalesce(u.last_sign_in_at, '-infinity')`,
    given: `coalesce(CAST(:value AS timestamptz), '-infinity')`,
    valueOf: ({ lastSignInAt }) => lastSignInAt?.toISOString() ?? null,
    valueSchema: timeSchema.nullable(),
  },
};

interface Order extends Key {
  direction: 'ASC' | 'DESC';
}

export function orderOf(sort: PeopleSort): Order {
  const isDescending = sort.startsWith('-');
  const key = keys[(isDescending ? sort.slice(1) : sort) as keyof typeof keys];
  return { ...key, direction: isDescending ? 'DESC' : 'ASC' };
}

/** A place names the order in which it was found: in another one it is nowhere. */
export const placeOf = (sort: PeopleSort, user: User): unknown => [
  sort,
  orderOf(sort).valueOf(user),
  user.id,
];

const anyPlaceSchema = z.tuple([z.enum(peopleSorts), z.unknown(), z.unknown()]);

export function readPlace(
  sort: PeopleSort,
  cursor: string | undefined,
): { value: string | null; id: string } | null {
  const foundIn = decodeCursor(cursor, anyPlaceSchema)?.[0] ?? sort;
  if (foundIn !== sort) {
    const message = `is of sort=${foundIn}: leave it out to begin anew in another order`;
    throw new AppError('validation_failed', { issues: [{ path: 'cursor', message }] });
  }
  const place = decodeCursor(cursor, z.tuple([z.literal(sort), orderOf(sort).valueSchema, z.uuid()]));
  return place && { value: place[1], id: place[2] };
}
