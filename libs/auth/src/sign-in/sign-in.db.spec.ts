import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError, newSecretToken } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { onPostgres } from '../../../../test/support/database.ts';
import type { SignInRequest } from './sign-in.ts';

const tables = ['users', 'sessions', 'token_caches'];

describe('the single way in', () => {
  let auth: OpenAuth;
  beforeAll(async () => void (auth = await openAuth()));
  afterAll(() => auth.close());
  beforeEach(() => auth.database.rows('DELETE FROM users'));

  const uma = personFromEntra();
  const enter = (person = uma, request: Partial<SignInRequest> = {}) =>
    auth.signIn.signIn(identityOf(person, auth), {
      remember: false,
      browser: newSecretToken(),
      previousToken: null,
      ...request,
    });
  const counts = () => Promise.all(tables.map((table) => auth.count(table)));
  const actionsSince = async (before: number) =>
    (await auth.entries()).slice(before).map(({ action }) => action);
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: unknown) => error as AppError,
    );
  const signInSlot = 'CREATE TRIGGER fault BEFORE INSERT ON';

  it('leaves person, session, tokens and entries behind, all or none', async () => {
    const before = (await auth.entries()).length;
    const { token, session } = await enter();
    expect(await counts()).toEqual([1, 1, 1]);
    expect(await actionsSince(before)).toEqual(['user.created', 'sign_in.succeeded']);
    expect(await auth.sessions.find(token)).toMatchObject({
      id: session.id,
      entraSessionId: 'entra-session-1',
    });
    const entry = (await auth.entries()).at(-1);
    expect(entry).toMatchObject({
      actor_id: session.userId,
      details: { method: 'authorization_code', roles: ['user'] },
    });
    expect(JSON.stringify(entry)).not.toContain(token);
  });

  describe('LOG-04: when a table refuses', () => {
    beforeAll(() =>
      auth.database.rows(
        `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'on purpose'; END $$`,
      ),
    );
    it.each(['audit_entries', 'token_caches', 'sessions', 'users'])('%s, nobody got in', async (table) => {
      await auth.database.rows(`${signInSlot} ${table} FOR EACH ROW EXECUTE FUNCTION fail()`);
      try {
        await expect(enter()).rejects.toThrow('on purpose');
      } finally {
        await auth.database.rows(`DROP TRIGGER fault ON ${table}`);
      }
      expect(await counts()).toEqual([0, 0, 0]);
    });

    it('the entry of a failure, the answer stays the same, and so does what happened with it', async () => {
      await enter();
      await auth.database.rows(`${signInSlot} audit_entries FOR EACH ROW EXECUTE FUNCTION fail()`);
      try {
        await auth.database.transaction(async () => {
          await auth.database.rows(`UPDATE users SET department = 'with it'`);
          await auth.signIn.recordFailure('device_code', new AppError('sign_in_failed'));
        });
      } finally {
        await auth.database.rows('DROP TRIGGER fault ON audit_entries');
      }
      expect(await auth.database.rows('SELECT department FROM users')).toEqual([{ department: 'with it' }]);
    });
  });

  it('DEV-07, LOG-01: refuses who is disabled, leaves all as it was, and records who it was', async () => {
    const { session } = await enter();
    await auth.database.rows('UPDATE users SET is_active = false');
    const before = await auth.database.rows('SELECT * FROM users');
    const failure = await failureOf(enter(personFromEntra({ displayName: 'Changed' })));
    expect(failure).toMatchObject({ code: 'account_disabled' });
    expect(await auth.database.rows('SELECT * FROM users')).toEqual(before);
    expect(await counts()).toEqual([1, 1, 1]);
    await auth.signIn.recordFailure('authorization_code', failure!);
    expect((await auth.entries()).at(-1)).toMatchObject({
      action: 'sign_in.failed',
      outcome: 'failure',
      actor_id: session.userId,
      details: { method: 'authorization_code', code: 'account_disabled', objectId: uma.objectId },
    });
  });

  it('LOG-01: refuses who has no role, keeps nothing of them, and records who it was', async () => {
    const failure = await failureOf(enter(personFromEntra({ roles: [] })));
    expect(failure).toMatchObject({ code: 'no_role' });
    expect(await counts()).toEqual([0, 0, 0]);
    await auth.signIn.recordFailure('device_code', failure!);
    expect((await auth.entries()).at(-1)).toMatchObject({
      actor_id: null,
      details: { code: 'no_role', tenantId: uma.tenantId, objectId: uma.objectId, email: uma.email },
    });
  });

  it('lets in who has a role of ours only', async () => {
    await enter();
    await auth.database.rows(`UPDATE users SET granted_roles = '{viewer}'`);
    await expect(enter(personFromEntra({ roles: [] }))).resolves.toBeDefined();
  });

  it('records other roles than last time', async () => {
    await enter();
    await enter(personFromEntra({ roles: ['viewer'] }));
    expect((await auth.entries()).findLast(({ action }) => action === 'user.roles_changed')).toMatchObject({
      details: { source: 'entra', before: ['user'], after: ['viewer'] },
    });
  });

  it('SES-04: ends the session that was there before, and only that', async () => {
    const [first, other] = [await enter(), await enter()];
    await enter(uma, { previousToken: first.token });
    expect(await auth.sessions.find(first.token)).toMatchObject({ revokedWhy: 'replaced' });
    expect(await auth.sessions.find(other.token)).toMatchObject({ revokedAt: null });
    expect(await auth.count('token_caches')).toBe(1);
  });

  it('SES-03: a session cookie that someone put there gives its owner nothing', async () => {
    const planted = newSecretToken();
    const { token } = await enter(uma, { previousToken: planted });
    expect(token).not.toBe(planted);
    expect(await auth.sessions.find(planted)).toBeNull();
  });

  it('TOK-05: who takes over a browser ends the other person’s session there, and with their last one their tokens', async () => {
    const before = await enter();
    const other = personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333e' });
    const { session } = await enter(other, { previousToken: before.token });
    const kept = await auth.database.rows<{ user_id: string }>('SELECT user_id FROM token_caches');
    expect(kept).toEqual([{ user_id: session.userId }]);
  });

  it('signs the same person in from many places at once, as one person', async () => {
    const before = (await auth.entries()).length;
    await Promise.all(Array.from({ length: 8 }, () => enter()));
    expect(await counts()).toEqual([1, 8, 1]);
    const actions = await actionsSince(before);
    expect(actions.filter((action) => action === 'sign_in.succeeded')).toHaveLength(8);
    expect(actions.filter((action) => action === 'user.created')).toHaveLength(1);
  });

  it.skipIf(!onPostgres)(
    'F30: who signs out in one place while signing in at another keeps the new tokens',
    async () => {
      const { session } = await enter();
      let commit: () => void = () => undefined;
      const mayCommit = new Promise<void>((resolve) => (commit = resolve));
      const signingIn = auth.database.transaction(async () => {
        await enter();
        await mayCommit;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const signingOut = auth.endings.end(session.userId, session.id, {
        why: 'signed_out',
        by: session.userId,
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      commit();
      await Promise.all([signingIn, signingOut]);
      expect(await auth.count('token_caches')).toBe(1);
    },
  );
});
