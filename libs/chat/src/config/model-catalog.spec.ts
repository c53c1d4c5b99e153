import { describe, expect, it } from 'vitest';
import { testConfig } from '../../test/config.ts';
import { ModelCatalog } from './model-catalog.ts';

describe('ModelCatalog', () => {
  const catalog = new ModelCatalog(testConfig);
  it.each([
    ['the choice', 'o3', 'gpt-4o', 'o3'],
    ['what is remembered', undefined, 'o3', 'o3'],
    ['the default when the remembered one is no longer offered', undefined, 'gpt-3', 'gpt-4o'],
    ['the default when nothing is remembered', undefined, undefined, 'gpt-4o'],
  ])('resolves to %s', (_, chosen, remembered, model) => {
    expect(catalog.resolve(chosen, remembered)).toBe(model);
  });

  it.each(['gpt-9', '', '../secret', '__proto__', 'constructor'])(
    'refuses %j, which is not offered',
    (chosen) => {
      expect(() => catalog.resolve(chosen, 'o3')).toThrow(
        expect.objectContaining({ code: 'validation_failed' }),
      );
    },
  );
});
