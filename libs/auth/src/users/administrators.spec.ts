import { describe, expect, it } from 'vitest';
import { hasAnother, takesAdministrator } from './administrators.ts';
import { gone, type Standing, withdrawnBetween } from './standing.ts';

const user: Standing = { isActive: true, rolesFromEntra: ['user'], grantedRoles: [] };
const byEntra: Standing = { ...user, rolesFromEntra: ['admin', 'user'] };
const granted: Standing = { ...user, grantedRoles: ['admin'] };
const both: Standing = { ...byEntra, grantedRoles: ['admin'] };
const disabled = (person: Standing): Standing => ({ ...person, isActive: false });

describe('AUZ-11: a change takes an administrator away', () => {
  it.each<[string, Standing, Standing, boolean]>([
    ['when Entra withdraws the role', byEntra, user, true],
    ['when we withdraw the role', granted, user, true],
    ['when the person is disabled', byEntra, disabled(byEntra), true],
    ['when the person is deleted', granted, gone, true],
    ['not when Entra withdraws what is granted here too', both, granted, false],
    ['not when we withdraw what Entra gives too', both, byEntra, false],
    ['not when the role moves from Entra to us', byEntra, granted, false],
    ['not when it was disabled before', disabled(byEntra), disabled(user), false],
    ['not when a disabled one is deleted', disabled(granted), gone, false],
    ['not when somebody else is disabled', user, disabled(user), false],
    ['not when somebody becomes one', user, granted, false],
    ['not when one is enabled', disabled(granted), granted, false],
  ])('%s', (_, before, after, expected) => {
    expect(takesAdministrator(before, after)).toBe(expected);
  });

  it.each<[string[], boolean]>([
    [[], false],
    [['me'], false],
    [['me', 'you'], true],
    [['you'], true],
  ])('and of %j somebody else is left: %s', (ids, expected) => {
    expect(hasAnother(new Set(ids), 'me')).toBe(expected);
  });
});

describe('what a change withdraws', () => {
  it.each<[string, Standing, Standing, string[]]>([
    ['nothing from who gets more', user, granted, []],
    ['nothing from who keeps it by another source', both, granted, []],
    ['all from who is disabled', user, disabled(user), ['chat.read', 'chat.use']],
    ['all from who is deleted', user, gone, ['chat.read', 'chat.use']],
    ['nothing from who was disabled', disabled(user), gone, []],
    ['the difference from who becomes a viewer', user, { ...user, rolesFromEntra: ['viewer'] }, ['chat.use']],
    [
      'administration from who becomes a user',
      byEntra,
      user,
      ['users.read', 'users.manage', 'sessions.manage', 'audit.read', 'audit.export'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(withdrawnBetween(before, after)).toEqual(expected);
  });
});
