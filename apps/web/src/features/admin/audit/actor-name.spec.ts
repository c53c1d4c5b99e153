import { expect, it } from 'vitest';
import { actorName } from './actor-name.ts';

const nobody = { id: null, email: null, displayName: null };

it.each([
  [{ id: 'a', email: 'uma@example.test', displayName: 'Uma Patel' }, 'request-1', 'Uma Patel'],
  [{ id: 'a', email: 'uma@example.test', displayName: null }, 'request-1', 'uma@example.test'],
  [{ ...nobody, id: 'a' }, 'request-1', 'Somebody without a name'],
  [nobody, 'request-1', 'Nobody signed in'],
  [nobody, null, 'The server'],
  [{ ...nobody, displayName: 'break-glass' }, null, 'break-glass'],
])('%j in %j is called %s', (actor, requestId, name) => {
  expect(actorName({ actor, requestId })).toBe(name);
});
