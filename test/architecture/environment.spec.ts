import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { environmentExample } from '#platform';
import { environmentSlices } from '../../apps/api/src/config.ts';

it('.env.example says what the declarations say (npm run env:example)', () => {
  expect(readFileSync('.env.example', 'utf8')).toBe(environmentExample(environmentSlices));
});

it('every variable has a sentence', () => {
  const silent = environmentSlices.flatMap(({ variables }) =>
    Object.entries(variables.shape as Record<string, ZodType>).filter(
      ([, schema]) => !schema.meta()?.description,
    ),
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});
