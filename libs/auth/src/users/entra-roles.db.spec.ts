import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '#contracts';
import { newSecretToken } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { onPostgres } from '../../../../test/support/database.ts';
import { EntraRoles } from './entra-roles.ts';
import type { GivenRoles } from './roles.ts';
import { permissionsWithdrawn, userChanged, Users } from './users.ts';

const given = (...roles: Role[]): GivenRoles => ({ roles, rolesByDefault: false });

/** PGlite runs one transaction at a time: there, once is enough. */
const rounds = onPostgres ? 10 : 1;

describe('what Entra gives now', () => {
  let auth: OpenAuth;
  let told: object[];
  beforeAll(async () => {
    auth = await openAuth();
    auth.bus.subscribe(userChanged, ({ userId }) => void told.push({ changed: userId }));
    auth.bus.subscribe(permissionsWithdrawn, ({ permissions }) => void told.push({ withdrawn: permissions }));
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM users');
    told = [];
  });

  const add = async (...roles: Role[]) =>
    (await auth.users.saveFromEntra(personFromEntra({ objectId: randomUUID(), roles }))).id;
  const since = async (before: number) => (await auth.entries()).slice(before);

  it('counts, is recorded with before and after, and is told after the commit', async () => {
    const id = await add('user');
    const before = (await auth.entries()).length;
    await auth.database.transaction(async () => {
      await auth.entraRoles.apply(id, given('viewer'));
      expect(told).toEqual([]);
    });
    expect(await auth.users.find(id)).toMatchObject({ rolesFromEntra: ['viewer'] });
    expect(told).toEqual([{ changed: id }, { withdrawn: ['chat.use'] }]);
    expect(await since(before)).toMatchObject([
      {
        action: 'user.roles_changed',
        actor_id: null,
        details: { source: 'entra', before: ['user'], after: ['viewer'] },
      },
    ]);
  });

  it('writes and tells nothing where nothing is different', async () => {
    const id = await add('user');
    const before = (await auth.entries()).length;
    auth.clock.advanceSeconds(60);
    const row = await auth.users.find(id);
    expect(await auth.entraRoles.apply(id, given('user'))).toEqual(row);
    expect(await since(before)).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is nobody’s when the person is gone', async () => {
    expect(await auth.entraRoles.apply(randomUUID(), given('admin'))).toBeNull();
  });

  it('knows the default from a role that Entra names', async () => {
    const id = await add('viewer');
    await auth.entraRoles.apply(id, { roles: ['viewer'], rolesByDefault: true });
    expect(await auth.users.find(id)).toMatchObject({ rolesFromEntra: ['viewer'], rolesByDefault: true });
  });

  it('AUZ-11: leaves the last active administrator the role, as granted here, and says so', async () => {
    const [id] = [await add('admin', 'user'), await add('user')];
    const before = (await auth.entries()).length;
    expect(await auth.entraRoles.apply(id, given('user'))).toMatchObject({
      rolesFromEntra: ['user'],
      grantedRoles: ['admin'],
    });
    expect(await since(before)).toMatchObject([
      { action: 'user.roles_changed', details: { before: ['admin', 'user'], after: ['user'] } },
      { action: 'user.last_admin_kept', details: { source: 'entra', before: [], after: ['admin'] } },
    ]);
    expect(told).toEqual([{ changed: id }]);
    // The next time there is nothing left to keep.
    await auth.entraRoles.apply(id, given());
    expect(await auth.users.find(id)).toMatchObject({ rolesFromEntra: [], grantedRoles: ['admin'] });
  });

  it('AUZ-11: an administrator who is disabled does not count as another one', async () => {
    const [id, other] = [await add('admin'), await add('admin')];
    await auth.database.rows('UPDATE users SET is_active = false WHERE id = $1', [other]);
    expect(await auth.entraRoles.apply(id, given('user'))).toMatchObject({ grantedRoles: ['admin'] });
  });

  it('AUZ-11: takes the role while another administrator is left', async () => {
    const [id] = [await add('admin'), await add('admin')];
    expect(await auth.entraRoles.apply(id, given('user'))).toMatchObject({ grantedRoles: [] });
    expect(told).toContainEqual({ changed: id });
  });

  it('AUZ-11: of ten administrators who all lose it at once, exactly one keeps it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      await auth.database.rows('DELETE FROM users');
      const ids = await Promise.all(Array.from({ length: 10 }, () => add('admin')));
      await Promise.all(ids.map((id) => auth.entraRoles.apply(id, given('user'))));
      const people = await Promise.all(ids.map((id) => auth.users.find(id)));
      expect(people.filter((person) => person?.grantedRoles.includes('admin'))).toHaveLength(1);
    }
  });

  it.skipIf(!onPostgres)(
    'AUZ-11: decides anew when somebody withdraws the granted role after it was read',
    async () => {
      const id = await add('admin', 'user');
      await auth.database.rows(`UPDATE users SET granted_roles = '{admin}' WHERE id = $1`, [id]);
      let reads = 0;
      const users = new (class extends Users {
        override async find(userId: string) {
          const user = await super.find(userId);
          reads += 1;
          if (reads === 1) await auth.dataSource.query(`UPDATE users SET granted_roles = '{}'`);
          return user;
        }
      })(auth.database, auth.clock);
      const roles = new EntraRoles(
        auth.database,
        auth.clock,
        auth.bus,
        auth.audit,
        users,
        auth.administrators,
      );
      expect(await roles.apply(id, given('user'))).toMatchObject({
        rolesFromEntra: ['user'],
        grantedRoles: ['admin'],
      });
      expect(reads).toBe(2);
    },
  );

  describe('at a sign-in', () => {
    const enter = (objectId: string, ...roles: Role[]) =>
      auth.signIn.signIn(identityOf(personFromEntra({ objectId, roles }), auth), {
        remember: false,
        browser: newSecretToken(),
        previousToken: null,
      });

    it('AUZ-04: is withdrawn also from who does not get in any more, and their sessions end', async () => {
      const objectId = randomUUID();
      const { session } = await enter(objectId, 'user');
      await expect(enter(objectId)).rejects.toMatchObject({ code: 'no_role' });
      expect(await auth.users.find(session.userId)).toMatchObject({ rolesFromEntra: [] });
      expect(await auth.sessions.findById(session.userId, session.id)).toMatchObject({
        revokedWhy: 'rights_changed',
      });
      expect(await auth.count('token_caches')).toBe(0);
    });

    it('AUZ-11: the last administrator gets in, and is one still', async () => {
      const objectId = randomUUID();
      await enter(objectId, 'admin');
      const { session } = await enter(objectId);
      expect(await auth.users.find(session.userId)).toMatchObject({ grantedRoles: ['admin'] });
    });

    it('AUZ-08: twenty first sign-ins at once make nobody an administrator', async () => {
      await Promise.all(Array.from({ length: 20 }, () => enter(randomUUID(), 'user')));
      expect(await auth.count(`users WHERE 'admin' = ANY (roles_from_entra || granted_roles)`)).toBe(0);
      expect(await auth.count('users')).toBe(20);
    });
  });
});
