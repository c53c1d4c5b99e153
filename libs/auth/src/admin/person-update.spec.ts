import { describe, expect, it } from 'vitest';
import type { UpdatePerson } from '#contracts';
import type { User } from '../users/user.entity.ts';
import { actsBetween, updated } from './person-update.ts';

const uma = {
  id: 'uma',
  displayName: 'Uma Patel',
  department: 'Marketing',
  jobTitle: 'Manager',
  editedFields: ['jobTitle'],
  isActive: true,
  rolesFromEntra: ['user'],
  rolesByDefault: false,
  grantedRoles: ['auditor'],
} as unknown as User;

describe('a change to a person', () => {
  it.each<[string, UpdatePerson, Partial<User>]>([
    ['leaves what it does not name', {}, {}],
    [
      'keeps a field that it writes from Entra',
      { department: 'Sales' },
      { department: 'Sales', editedFields: ['department', 'jobTitle'] },
    ],
    ['takes empty text for none', { jobTitle: '' }, { jobTitle: null }],
    ['gives a field back as it is', { jobTitle: null }, { editedFields: [] }],
    ['gives back what was never taken', { department: null }, {}],
    ['grants', { isAdmin: true }, { grantedRoles: ['auditor', 'admin'] }],
    ['withdraws nothing that is not granted', { isAdmin: false }, {}],
    ['disables', { isActive: false }, { isActive: false }],
  ])('%s', (_, update, expected) => {
    expect(updated(uma, update)).toEqual({ ...uma, ...expected });
  });

  it('withdraws what was granted, and not what Entra gives', () => {
    const admin = { ...uma, rolesFromEntra: ['admin'], grantedRoles: ['auditor', 'admin'] } as User;
    expect(updated(admin, { isAdmin: false })).toMatchObject({
      rolesFromEntra: ['admin'],
      grantedRoles: ['auditor'],
    });
  });
});

describe('the log of a change', () => {
  const logged = (update: UpdatePerson, before = uma) =>
    actsBetween(before, updated(before, update)).map(({ action, details }) => [
      action,
      details.before,
      details.after,
    ]);

  it.each<[string, UpdatePerson, unknown[]]>([
    ['nothing where nothing is different', { isActive: true, isAdmin: false, jobTitle: 'Manager' }, []],
    [
      'the fields that are different, and no others',
      { displayName: 'Uma Holm', jobTitle: 'Manager' },
      [
        [
          'user.updated',
          { displayName: 'Uma Patel', editedFields: ['jobTitle'] },
          { displayName: 'Uma Holm', editedFields: ['displayName', 'jobTitle'] },
        ],
      ],
    ],
    [
      'each kind of act for itself',
      { isActive: false, isAdmin: true, jobTitle: '' },
      [
        ['user.updated', { jobTitle: 'Manager' }, { jobTitle: null }],
        ['user.disabled', { isActive: true }, { isActive: false }],
        [
          'user.role_granted',
          {
            roles: [
              { role: 'auditor', source: 'granted' },
              { role: 'user', source: 'entra' },
            ],
          },
          {
            roles: [
              { role: 'admin', source: 'granted' },
              { role: 'auditor', source: 'granted' },
              { role: 'user', source: 'entra' },
            ],
          },
        ],
      ],
    ],
  ])('says %s', (_, update, expected) => {
    expect(logged(update)).toEqual(expected);
  });

  it('tells enabling and withdrawing from their opposites', () => {
    const disabled = { ...uma, isActive: false, grantedRoles: ['admin'] } as User;
    expect(logged({ isActive: true, isAdmin: false }, disabled).map(([action]) => action)).toEqual([
      'user.enabled',
      'user.role_withdrawn',
    ]);
  });

  it('tells a department of that name from none', () => {
    expect(logged({ department: 'null' }, { ...uma, department: null })[0]?.[2]).toMatchObject({
      department: 'null',
    });
  });
});
