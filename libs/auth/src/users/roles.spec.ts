import { describe, expect, it } from 'vitest';
import type { HeldRole, Role, RoleReason } from '#contracts';
import { effectiveRoles, givenRoles, heldRoles, reasonsOf, type RoleRules } from './roles.ts';

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
    expect(givenRoles(given, { ...rules, ...changes }).roles).toEqual(expected);
  });
});

describe('the rules that fired', () => {
  it.each<[string, ReturnType<typeof standing>, Partial<RoleRules>, RoleReason[]]>([
    ['none for nobody', standing([]), {}, []],
    [
      'each of two groups that give the same',
      standing(['group-user-too', 'group-user', 'group-other']),
      {},
      [
        { rule: 'group', group: 'group-user', role: 'user' },
        { rule: 'group', group: 'group-user-too', role: 'user' },
      ],
    ],
    [
      'groups before app roles',
      standing(['group-viewer'], ['viewer', 'root', 'auditor']),
      {},
      [
        { rule: 'group', group: 'group-viewer', role: 'viewer' },
        { rule: 'app_role', appRole: 'auditor', role: 'auditor' },
        { rule: 'app_role', appRole: 'viewer', role: 'viewer' },
      ],
    ],
    [
      'the default alone',
      standing(['group-other']),
      { defaultRole: 'user' },
      [{ rule: 'default', role: 'user' }],
    ],
    [
      'the default, where the only role is not allowed',
      standing(['group-admin']),
      { defaultRole: 'viewer', allowedRoles: ['user', 'viewer'] },
      [{ rule: 'default', role: 'viewer' }],
    ],
    [
      'no default beside a group',
      standing(['group-user']),
      { defaultRole: 'viewer' },
      [{ rule: 'group', group: 'group-user', role: 'user' }],
    ],
  ])('%s', (_, given, changes, expected) => {
    const all = { ...rules, ...changes };
    expect(reasonsOf(given, all)).toEqual(expected);
    const isDefault = expected.some(({ rule }) => rule === 'default');
    expect(givenRoles(given, all).rolesByDefault).toBe(isDefault);
  });
});

describe('where a role comes from', () => {
  it.each<[string, Parameters<typeof heldRoles>[0], HeldRole[]]>([
    [
      'from Entra and from here, both are said',
      { rolesFromEntra: ['admin', 'user'], grantedRoles: ['admin'], rolesByDefault: false },
      [
        { role: 'admin', source: 'entra' },
        { role: 'admin', source: 'granted' },
        { role: 'user', source: 'entra' },
      ],
    ],
    [
      'by default',
      { rolesFromEntra: ['viewer'], grantedRoles: ['admin'], rolesByDefault: true },
      [
        { role: 'admin', source: 'granted' },
        { role: 'viewer', source: 'default' },
      ],
    ],
    ['from nowhere', { rolesFromEntra: [], grantedRoles: [], rolesByDefault: false }, []],
  ])('%s', (_, user, expected) => {
    expect(heldRoles(user)).toEqual(expected);
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
