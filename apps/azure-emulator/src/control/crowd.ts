import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Person } from '../people.ts';

export const crowdRequest = z.strictObject({ like: z.string(), count: z.number().int().min(1).max(10_000) });

/** More people of one kind, for what shows with many only. */
export const crowd = (like: Person, count: number): Person[] =>
  Array.from({ length: count }, (_, index) => {
    const alias = `${like.alias}-${index + 1}`;
    const address = `${alias}@contoso.com`;
    return {
      ...structuredClone(like),
      alias,
      id: randomUUID(),
      displayName: `${like.displayName} ${index + 1}`,
      userPrincipalName: address,
      mail: address,
    };
  });
