import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';

describe('people from Entra', () => {
  let auth: OpenAuth;
  beforeAll(async () => void (auth = await openAuth()));
  afterAll(() => auth.close());
  const otherObject = '33333333-3333-4333-8333-333333333334';
  const otherTenant = '44444444-4444-4444-8444-444444444444';

  it('are created at the first sign-in and updated at each later one', async () => {
    const first = await auth.users.saveFromEntra(personFromEntra());
    auth.clock.advanceSeconds(60);
    const married = personFromEntra({
      lastName: 'Holm',
      email: 'uma.holm@example.test',
      jobTitle: null,
    });
    const second = await auth.users.saveFromEntra(married);
    expect(second).toMatchObject({
      id: first.id,
      createdAt: first.createdAt,
      lastName: 'Holm',
      jobTitle: null,
    });
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.lastSignInAt).toEqual(auth.clock.now());
  });

  it('keep what we decided about them: disabled, and roles granted here', async () => {
    const { id } = await auth.users.saveFromEntra(personFromEntra());
    await auth.database.rows(
      `UPDATE users SET is_active = false, granted_roles = '{auditor}' WHERE id = $1`,
      [id],
    );
    const again = await auth.users.saveFromEntra(personFromEntra({ roles: ['admin'] }));
    expect(again).toMatchObject({
      id,
      isActive: false,
      grantedRoles: ['auditor'],
      rolesFromEntra: ['user'],
    });
  });

  it('keep what was written here, until it is given back', async () => {
    const person = personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333c' });
    const { id } = await auth.users.saveFromEntra(person);
    const changes = `display_name = 'Uma P.', department = NULL, edited_fields = '{displayName,department}'`;
    await auth.database.rows(`UPDATE users SET ${changes} WHERE id = $1`, [id]);
    const moved = { ...person, displayName: 'Uma Holm', department: 'Sales', jobTitle: 'Director' };
    expect(await auth.users.saveFromEntra(moved)).toMatchObject({
      displayName: 'Uma P.',
      department: null,
      jobTitle: 'Director',
    });
    await auth.database.rows(`UPDATE users SET edited_fields = '{}' WHERE id = $1`, [id]);
    expect(await auth.users.saveFromEntra(moved)).toMatchObject({
      displayName: 'Uma Holm',
      department: 'Sales',
    });
  });

  it('are one, however many first sign-ins come at once', async () => {
    const person = personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333a' });
    const saved = await Promise.all(
      Array.from({ length: 20 }, () => auth.database.transaction(() => auth.users.saveFromEntra(person))),
    );
    expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
    expect(saved.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it.each([
    ['advisories 15 and 31: with the e-mail of another', { objectId: otherObject }],
    ['AUZ-09: with the object id and e-mail of someone in another tenant', { tenantId: otherTenant }],
    [
      'advisory 30: with an e-mail that looks alike',
      { objectId: '33333333-3333-4333-8333-33333333333b', email: 'um\u0430@example.test' },
    ],
  ])('%s are somebody else', async (_, changes) => {
    const uma = await auth.users.saveFromEntra(personFromEntra());
    const other = await auth.users.saveFromEntra(personFromEntra({ roles: ['viewer'], ...changes }));
    expect(other.id).not.toBe(uma.id);
    expect(await auth.users.find(uma.id)).toMatchObject({ rolesFromEntra: ['user'] });
  });

  it('LOG-02: may have any name that Entra lets them have', async () => {
    const displayName = `Robert'); DROP TABLE users;-- \u001b[31m\r\n{"admin":true}\u202e`;
    const { id } = await auth.users.saveFromEntra(personFromEntra({ displayName }));
    expect(await auth.users.find(id)).toMatchObject({ displayName });
  });
});
