import { describe, expect, it } from 'vitest';
import type { Role } from '#contracts';
import { effectiveRoles, rolesOf, type RoleRules } from './roles.ts';

const rules: RoleRules = {
  roleMappings: [
    { group: 'group-admin', role: 'admin' },
    { group: 'group-user', role: 'user' },
    { group: 'group-user-too', role: 'user' },
    { group: 'group-viewer', role: 'viewer' },
  ],
  allowedRoles: ['admin', 'auditor', 'user', 'viewer'],
  defaultRole: undefined,
};
const standing = (groups: string[], appRoles: string[] = []) => ({ groups, appRoles });

describe('roles from Entra', () => {
  it.each<[string, ReturnType<typeof standing>, Partial<RoleRules>, Role[]]>([
    ['nobody gets a role by being somebody', standing([]), {}, []],
    ['an unknown group gives nothing', standing(['group-other']), {}, []],
    ['a mapped group gives its role', standing(['group-user']), {}, ['user']],
    [
      'several groups add up, each role once',
      standing(['group-user', 'group-user-too', 'group-admin']),
      {},
      ['admin', 'user'],
    ],
    ['app roles add up with groups', standing(['group-viewer'], ['auditor']), {}, ['auditor', 'viewer']],
    [
      'an app role that is no role of ours gives nothing',
      standing([], ['Admin', 'root', '__proto__']),
      {},
      [],
    ],
    ['a group that is named like a role is no role', standing(['admin']), {}, []],
    [
      'a role that is not allowed is not given',
      standing(['group-admin', 'group-user'], ['admin']),
      { allowedRoles: ['user'] },
      ['user'],
    ],
    ['the default counts where nothing else does', standing([]), { defaultRole: 'viewer' }, ['viewer']],
    ['the default does not add up', standing(['group-user']), { defaultRole: 'viewer' }, ['user']],
    ['no mapping, no role', standing(['group-admin']), { roleMappings: [] }, []],
  ])('%s', (_, given, changes, expected) => {
    expect(rolesOf(given, { ...rules, ...changes })).toEqual(expected);
  });
});

describe('roles that count', () => {
  it.each<[Role[], Role[], Role[]]>([
    [[], [], []],
    [['user'], [], ['user']],
    [[], ['admin'], ['admin']],
    [
      ['user', 'viewer'],
      ['admin', 'user'],
      ['admin', 'user', 'viewer'],
    ],
  ])('of Entra %j and granted %j are %j', (rolesFromEntra, grantedRoles, expected) => {
    expect(effectiveRoles({ rolesFromEntra, grantedRoles })).toEqual(expected);
  });

  it('leaves out what the database may hold and the code does not know', () => {
    expect(effectiveRoles({ rolesFromEntra: ['superuser' as Role], grantedRoles: [] })).toEqual([]);
  });
});
