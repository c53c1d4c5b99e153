import { expect, it } from 'vitest';
import { userAgentOf } from './user-agent.ts';

it('is clipped, so that no session or audit entry grows with it', () => {
  expect(userAgentOf({ 'user-agent': 'a'.repeat(16_000) })).toBe('a'.repeat(512));
});

it('is taken as it is below that, and null where there is none', () => {
  expect(userAgentOf({ 'user-agent': 'curl/8.5.0' })).toBe('curl/8.5.0');
  expect(userAgentOf({})).toBeNull();
});
