import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environmentExample } from '#platform';
import { environmentSlices } from '../../apps/api/src/config.ts';

it('.env.example says what the declarations say (npm run env:example)', () => {
  expect(readFileSync('.env.example', 'utf8')).toBe(environmentExample(environmentSlices));
});

it('every variable has a sentence', () => {
  const silent = environmentSlices.flatMap(({ variables }) =>
    Object.entries(variables.shape).filter(
      ([, schema]) => !(schema as { meta(): { description?: string } | undefined }).meta()?.description,
    ),
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});
