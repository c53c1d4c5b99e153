import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError, currentRequest, hashOf, inRequest, newSecretToken } from '#platform';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { sessionEnded } from './sessions.ts';

describe('sessions in the database', () => {
  let auth: OpenAuth;
  let userId: string;
  beforeAll(async () => void (auth = await openAuth({ SESSION_MAX_PER_USER: 3 })));
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM sessions');
    ({ id: userId } = await auth.users.saveFromEntra(personFromEntra()));
  });

  const issue = (more: { remember?: boolean; userId?: string } = {}) =>
    auth.sessions.issue({
      userId,
      method: 'authorization_code',
      remember: false,
      entraSessionId: null,
      browser: newSecretToken(),
      ...more,
    });
  const rowOf = async (id: string) =>
    (
      await auth.database.rows<{ idle_expires_at: Date; absolute_expires_at: Date; revoked_at: Date | null }>(
        'SELECT * FROM sessions WHERE id = $1',
        [id],
      )
    )[0];
  const ownEnding = () => ({ why: 'ended_elsewhere', by: userId }) as const;
  const endings = async () =>
    (await auth.entries()).filter(({ action }) => action === 'session.ended').map(({ details }) => details);

  it('LOG-04: end on sign-out although it cannot be recorded, and by nobody else', async () => {
    const [own, other] = [await issue(), await issue()];
    await auth.database.rows(
      `CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
       CREATE TRIGGER fault BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_entry()`,
    );
    expect(await auth.endings.end(userId, own.session.id, { why: 'signed_out', by: userId })).toBe(true);
    await expect(auth.endings.end(userId, other.session.id, ownEnding())).rejects.toThrow('full');
    await auth.database.rows('DROP TRIGGER fault ON audit_entries');
    expect((await rowOf(own.session.id))?.revoked_at).not.toBeNull();
    expect((await rowOf(other.session.id))?.revoked_at).toBeNull();
  });

  it('SES-02: are kept as a hash; what the table holds finds nothing', async () => {
    const { session, token } = await issue();
    const dump = JSON.stringify(
      await auth.database.rows(
        `SELECT *, encode(token_hash, 'hex') AS hex, encode(token_hash, 'base64') AS b64 FROM sessions`,
      ),
    );
    expect(dump).not.toContain(token);
    expect(await auth.sessions.find(token)).toMatchObject({ id: session.id });
    const hash = hashOf(token);
    for (const stored of [hash.toString('hex'), hash.toString('base64url'), session.id])
      expect(await auth.sessions.find(stored)).toBeNull();
  });

  it('WSK-02: are told apart from those that live no more, with the reason', async () => {
    const [live, revoked, expired] = [await issue(), await issue(), await issue()].map(
      ({ session }) => session,
    );
    await auth.sessions.end(userId, revoked!.id, { why: 'ended_by_administrator', by: null });
    await auth.database.rows('UPDATE sessions SET idle_expires_at = created_at WHERE id = $1', [expired!.id]);
    const gone = crypto.randomUUID();
    expect(await auth.sessions.endedAmong([live!.id, revoked!.id, expired!.id, gone])).toEqual(
      new Map([
        [revoked!.id, 'session_ended_by_administrator'],
        [expired!.id, 'session_expired'],
        [gone, 'not_authenticated'],
      ]),
    );
  });

  it('remember where they came from', async () => {
    const context = { requestId: 'r', address: '2001:db8::1', userAgent: 'Browser/1' };
    const { session } = await inRequest(context, () => issue());
    expect(session).toMatchObject({
      firstAddress: '2001:db8::1',
      lastAddress: '2001:db8::1',
      userAgent: 'Browser/1',
    });
  });

  it('SES-09: slide with activity, and a request within half a minute writes nothing', async () => {
    const { session } = await issue();
    const before = (await rowOf(session.id))?.idle_expires_at;
    auth.clock.advanceSeconds(29);
    await auth.sessions.slide({ ...session });
    expect((await rowOf(session.id))?.idle_expires_at).toEqual(before);
    auth.clock.advanceSeconds(1);
    await auth.sessions.slide({ ...session });
    expect((await rowOf(session.id))?.idle_expires_at).toEqual(new Date(Number(before) + 30_000));
  });

  it('SES-10: never slide past their absolute end', async () => {
    const { session } = await issue();
    for (let hour = 0; hour < 25; hour += 1) {
      auth.clock.advanceSeconds(3600);
      await auth.sessions.slide(session);
    }
    const row = await rowOf(session.id);
    expect(row?.idle_expires_at).toEqual(row?.absolute_expires_at);
  });

  it('F30: do not come back to life by a request that was under way', async () => {
    const { session } = await issue();
    await auth.sessions.end(userId, session.id, ownEnding());
    const ended = await rowOf(session.id);
    auth.clock.advanceSeconds(60);
    await auth.sessions.slide({ ...session });
    expect(await rowOf(session.id)).toEqual(ended);
  });

  it('end once, by their own person, with an entry and an announcement', async () => {
    const { session } = await issue();
    const told: unknown[] = [];
    const unsubscribe = auth.bus.subscribe(sessionEnded, (event) => void told.push(event));
    const before = (await endings()).length;
    expect(await auth.sessions.end('99999999-9999-4999-8999-999999999999', session.id, ownEnding())).toBe(
      false,
    );
    const ended = await Promise.all(
      Array.from({ length: 10 }, () => auth.sessions.end(userId, session.id, ownEnding())),
    );
    unsubscribe();
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(told).toEqual([{ sessionId: session.id, userId, code: 'session_revoked' }]);
    expect((await endings()).length - before).toBe(1);
  });

  it('are not announced as ended when the ending is taken back', async () => {
    const { session } = await issue();
    const told: unknown[] = [];
    const unsubscribe = auth.bus.subscribe(sessionEnded, (event) => void told.push(event));
    const failing = auth.database.transaction(async () => {
      await auth.sessions.end(userId, session.id, ownEnding());
      throw new AppError('internal');
    });
    await expect(failing).rejects.toThrow();
    unsubscribe();
    expect(told).toEqual([]);
    expect((await rowOf(session.id))?.revoked_at).toBeNull();
  });

  it('SES-18: of one person are at most as many as allowed; the one last used longest ago gives way', async () => {
    const issued = [];
    for (let count = 0; count < 4; count += 1) {
      issued.push((await issue()).session.id);
      auth.clock.advanceSeconds(60);
    }
    const used = await auth.sessions.find((await issue()).token);
    const live = (await auth.sessions.live(userId)).map(({ id }) => id);
    expect(live).toEqual([used?.id, issued[3], issued[2]]);
    expect((await endings()).slice(-2)).toMatchObject([{ why: 'too_many' }, { why: 'too_many' }]);
  });

  it('SES-18: of others do not count', async () => {
    const other = await auth.users.saveFromEntra(
      personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333c' }),
    );
    for (let count = 0; count < 3; count += 1) await issue();
    await issue({ userId: other.id });
    expect(await auth.sessions.live(userId)).toHaveLength(3);
  });

  it('SES-08: all others end, this one stays', async () => {
    const [kept, gone] = [await issue(), await issue()];
    expect(await auth.sessions.endAll(userId, ownEnding(), kept.session.id)).toBe(1);
    expect((await auth.sessions.live(userId)).map(({ id }) => id)).toEqual([kept.session.id]);
    expect((await rowOf(gone.session.id))?.revoked_at).not.toBeNull();
  });

  it('SES-06: go with their person', async () => {
    const { session, token } = await issue();
    await auth.database.rows('DELETE FROM users WHERE id = $1', [userId]);
    expect(await auth.sessions.find(token)).toBeNull();
    expect(await rowOf(session.id)).toBeUndefined();
    expect(currentRequest()).toBeUndefined();
  });
});
