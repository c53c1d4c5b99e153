import { describe, expect, it } from 'vitest';
import { isWithin } from './stop-scope.ts';

describe('isWithin', () => {
  const one = { id: 'g', sessionId: 's', userId: 'u' };
  it.each([
    [{ generationId: 'g' }, true],
    [{ generationId: 'x' }, false],
    [{ sessionId: 's' }, true],
    [{ sessionId: 'x' }, false],
    [{ userId: 'u' }, true],
    [{ userId: 'x' }, false],
  ])('%j: %s', (scope, within) => {
    expect(isWithin(one, scope)).toBe(within);
  });
});
