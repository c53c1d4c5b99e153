import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '#contracts';
import { newSecretToken } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { onPostgres } from '../../../../test/support/database.ts';
import { sessionEnded } from '../sessions/sessions.ts';
import { permissionsWithdrawn, userChanged } from '../users/users.ts';

/** PGlite runs one transaction at a time: there, once is enough. */
const rounds = onPostgres ? 10 : 1;

describe('what an administrator does to a person', () => {
  let auth: OpenAuth;
  let told: object[];
  beforeAll(async () => {
    auth = await openAuth();
    auth.bus.subscribe(userChanged, ({ userId }) => void told.push({ changed: userId }));
    auth.bus.subscribe(permissionsWithdrawn, ({ permissions }) => void told.push({ withdrawn: permissions }));
    auth.bus.subscribe(sessionEnded, ({ sessionId, code }) => void told.push({ ended: sessionId, code }));
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM users');
    told = [];
  });

  /** Somebody who is signed in, with Azure tokens in the vault. */
  async function add(...roles: Role[]) {
    const person = personFromEntra({ objectId: randomUUID(), roles });
    const { session } = await auth.signIn.signIn(identityOf(person, auth), {
      remember: false,
      browser: newSecretToken(),
      previousToken: null,
    });
    told = [];
    return { id: session.userId, sessionId: session.id };
  }
  const update = (id: string, change: object) => auth.personChanges.update(id, change, id);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
  const activeAdministrators = () =>
    auth.count(`users WHERE is_active AND 'admin' = ANY (roles_from_entra || granted_roles)`);

  it('SES-06, TOK-05: disabling ends sessions and wipes tokens in one act, told after the commit', async () => {
    const { id, sessionId } = await add('user');
    const before = (await auth.entries()).length;
    await auth.database.transaction(async () => {
      await update(id, { isActive: false });
      expect(told).toEqual([]);
    });
    expect(await auth.users.find(id)).toMatchObject({ isActive: false });
    expect(await auth.sessions.findById(id, sessionId)).toMatchObject({ revokedWhy: 'account_disabled' });
    expect(await auth.count('token_caches')).toBe(0);
    expect(told).toEqual([
      { ended: sessionId, code: 'account_disabled' },
      { changed: id },
      { withdrawn: ['chat.read', 'chat.use'] },
    ]);
    expect((await auth.entries()).slice(before).map(({ action }) => action)).toEqual([
      'user.disabled',
      'session.ended',
      'azure_token.wiped',
    ]);
  });

  it('advisory 16: deleting takes sessions and tokens along; the log keeps who it was', async () => {
    const { id, sessionId } = await add('user');
    const before = (await auth.entries()).length;
    await auth.personChanges.remove(id, id);
    expect(await Promise.all(['users', 'sessions', 'token_caches'].map(auth.count))).toEqual([0, 0, 0]);
    expect(told).toContainEqual({ ended: sessionId, code: 'account_disabled' });
    expect((await auth.entries()).slice(before)).toMatchObject([
      {
        action: 'user.deleted',
        details: { source: 'administrator', before: { email: 'uma@example.test', displayName: 'Uma Patel' } },
      },
      { action: 'session.ended' },
      { action: 'azure_token.wiped' },
    ]);
    expect(await codeOf(auth.personChanges.remove(id, id))).toBe('not_found');
  });

  it('DEV-07: who is disabled while they sign in has no session afterwards', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const person = personFromEntra({ objectId: randomUUID() });
      const { id } = await auth.users.saveFromEntra(person);
      const request = { remember: false, browser: newSecretToken(), previousToken: null };
      await Promise.all([
        auth.signIn.signIn(identityOf(person, auth), request).catch(() => null),
        update(id, { isActive: false }),
      ]);
      expect(await auth.sessions.hasLive(id)).toBe(false);
    }
    expect(await auth.count('token_caches')).toBe(0);
  });

  it('ends the sessions of who is left without any role', async () => {
    const { id, sessionId } = await add('user');
    await update(id, { isAdmin: true });
    await add('admin');
    await auth.database.rows(`UPDATE users SET roles_from_entra = '{}' WHERE id = $1`, [id]);
    await update(id, { isAdmin: false });
    expect(await auth.sessions.findById(id, sessionId)).toMatchObject({ revokedWhy: 'rights_changed' });
  });

  it('leaves an administrator by Entra one, when only the granted role is withdrawn', async () => {
    const { id } = await add('admin');
    await update(id, { isAdmin: true });
    expect(await update(id, { isAdmin: false })).toMatchObject({
      rolesFromEntra: ['admin'],
      grantedRoles: [],
    });
  });

  it('writes nothing where nothing is different', async () => {
    const { id } = await add('user');
    const before = (await auth.entries()).length;
    const row = await auth.users.find(id);
    auth.clock.advanceSeconds(60);
    expect(await update(id, { isActive: true, isAdmin: false })).toEqual(row);
    expect(await auth.users.find(id)).toEqual(row);
    expect((await auth.entries()).length).toBe(before);
    expect(told).toEqual([]);
  });

  it('has nothing to do without a field, and nobody to do it to without a person', async () => {
    const { id } = await add('user');
    expect(await codeOf(update(id, {}))).toBe('no_fields_to_update');
    expect(await codeOf(update(id, { isActive: undefined }))).toBe('no_fields_to_update');
    expect(await codeOf(update(randomUUID(), { isActive: false }))).toBe('not_found');
  });

  it('LOG-04: does nothing that the log does not take', async () => {
    const { id, sessionId } = await add('user');
    await auth.database.rows(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$`,
    );
    await auth.database.rows(
      'CREATE TRIGGER fault BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION fail()',
    );
    try {
      for (const act of [
        () => update(id, { isActive: false }),
        () => update(id, { isAdmin: true }),
        () => update(id, { department: 'Sales' }),
        () => auth.personChanges.remove(id, id),
      ])
        await expect(act()).rejects.toThrow('on purpose');
    } finally {
      await auth.database.rows('DROP TRIGGER fault ON audit_entries');
    }
    expect(await auth.users.find(id)).toMatchObject({ isActive: true, grantedRoles: [], editedFields: [] });
    expect(await auth.sessions.findById(id, sessionId)).toMatchObject({ revokedAt: null });
    expect(told).toEqual([]);
  });

  describe('AUZ-11: to the last active administrator', () => {
    it.each<[string, (id: string) => Promise<unknown>]>([
      ['demoting', (id) => update(id, { isAdmin: false })],
      ['disabling', (id) => update(id, { isActive: false })],
      ['disabling while granting', (id) => update(id, { isActive: false, isAdmin: true })],
      ['deleting', (id) => auth.personChanges.remove(id, id)],
    ])('%s is refused and leaves no trace', async (_, act) => {
      const { id } = await add('user');
      await update(id, { isAdmin: true });
      const disabled = await add('admin');
      await update(disabled.id, { isActive: false });
      const [row, before] = [await auth.users.find(id), (await auth.entries()).length];
      expect(await codeOf(act(id))).toBe('last_admin');
      expect(await auth.users.find(id)).toEqual(row);
      expect((await auth.entries()).length).toBe(before);
    });

    it('everything else is as to anybody', async () => {
      const { id } = await add('admin');
      const change = { department: 'Sales', isActive: true, isAdmin: false };
      expect(await update(id, change)).toMatchObject({ department: 'Sales' });
    });

    it.each<[string, (id: string) => Promise<unknown>]>([
      ['demote', (id) => update(id, { isAdmin: false })],
      ['disable', (id) => update(id, { isActive: false })],
      ['delete', (id) => auth.personChanges.remove(id, id)],
    ])('two who %s each other at once: exactly one succeeds', async (_, act) => {
      for (let round = 0; round < rounds; round += 1) {
        await auth.database.rows('DELETE FROM users');
        const both = await Promise.all([add('user'), add('user')]);
        for (const { id } of both) await update(id, { isAdmin: true });
        const outcomes = await Promise.all(both.map(({ id }) => codeOf(act(id))));
        expect(outcomes.toSorted()).toEqual(['done', 'last_admin']);
        expect(await activeAdministrators()).toBe(1);
      }
    });

    it('all ways at once leave one', async () => {
      for (let round = 0; round < rounds; round += 1) {
        await auth.database.rows('DELETE FROM users');
        const people = await Promise.all(Array.from({ length: 8 }, () => add('admin')));
        const acts = [
          (id: string) => update(id, { isActive: false }),
          (id: string) => auth.personChanges.remove(id, id),
          (id: string) => auth.entraRoles.apply(id, { roles: ['user'], rolesByDefault: false }),
          (id: string) => update(id, { isAdmin: false }),
        ];
        const outcomes = await Promise.all(people.map(({ id }, index) => codeOf(acts[index % 4]!(id))));
        expect(outcomes.filter((code) => code !== 'done' && code !== 'last_admin')).toEqual([]);
        expect(await activeAdministrators()).toBeGreaterThanOrEqual(1);
      }
    });
  });
});
