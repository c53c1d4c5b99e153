import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Database, EventBus, eventsMissed, hashOf, minutesAfter, newSecretToken } from '#platform';
import { FakeClock } from '#platform/testing';
import type { Session } from '../sessions/session.entity.ts';
import { sessionEnded, type Sessions } from '../sessions/sessions.ts';
import type { User } from '../users/user.entity.ts';
import { userChanged, type Users } from '../users/users.ts';
import { Authenticator } from './authenticator.ts';
import type { SessionJwt } from './session-jwt.ts';

const chrome = (version: number, system = 'Windows NT 10.0; Win64; x64') =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';

/** A session and its person, as the tables would hold them, and what was asked of them. */
function household() {
  const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  const [token, browser] = [newSecretToken(), newSecretToken()];
  const session = {
    id: 'session-1',
    userId: 'user-1',
    browserHash: hashOf(browser),
    browser: 'Chrome',
    system: 'Windows',
    userAgent: chrome(140),
    idleExpiresAt: minutesAfter(clock.now(), 60),
    absoluteExpiresAt: minutesAfter(clock.now(), 600),
    revokedAt: null,
    revokedWhy: null,
  } as Session;
  const user = {
    id: 'user-1',
    isActive: true,
    rolesFromEntra: ['user'],
    grantedRoles: [],
  } as unknown as User;
  const log = { reads: 0, ended: [] as string[], drifts: 0 };
  /** Runs after the rows were read and before the answer comes. */
  let meanwhile: () => void = () => undefined;
  const sessions = {
    async find(wanted: string) {
      log.reads += 1;
      const found = wanted === token ? { ...session } : null;
      await Promise.resolve();
      meanwhile();
      return found;
    },
    findById: (userId: string, id: string) =>
      Promise.resolve(userId === session.userId && id === session.id ? { ...session } : null),
    end: (_: string, id: string, { why }: { why: string }) =>
      Promise.resolve(log.ended.push(`${id} ${why}`) > 0),
    noteDrift: (known: Session, userAgent: string | null) => {
      known.userAgent = userAgent;
      log.drifts += 1;
      return Promise.resolve();
    },
  };
  const users = { find: (id: string) => Promise.resolve(id === user.id ? { ...user } : null) };
  const bus = new EventBus(new Database(undefined as never));
  const jwt = {
    isOurs: (text: string) => text.startsWith('ours'),
    verify: (text: string) =>
      Promise.resolve(text === 'ours.good' ? { userId: 'user-1', sessionId: 'session-1' } : 'invalid'),
  };
  const authenticator = new Authenticator(
    sessions as unknown as Sessions,
    users as unknown as Users,
    jwt as unknown as SessionJwt,
    clock,
    bus,
  );
  const credential = { token, browser, userAgent: session.userAgent };
  return {
    clock,
    session,
    user,
    log,
    bus,
    credential,
    ask: (changes: object = {}) =>
      authenticator.authenticate({
        ...credential,
        ...changes,
      }),
    whileReading: (act: () => void) => void (meanwhile = act),
  };
}

let home: ReturnType<typeof household>;
beforeEach(() => void (home = household()));
const end = () => {
  home.session.revokedAt = home.clock.now();
  home.session.revokedWhy = 'signed_out';
  home.bus.publish(sessionEnded, { sessionId: 'session-1', userId: 'user-1', code: 'not_authenticated' });
};

describe('whoever presents a session', () => {
  it('is its person with the rights of their roles', async () => {
    expect(await home.ask()).toMatchObject({
      caller: { userId: 'user-1', roles: ['user'], permissions: ['chat.read', 'chat.use'] },
    });
  });

  it.each([
    ['no token', { token: null }, 'not_authenticated'],
    ['another token', { token: newSecretToken() }, 'not_authenticated'],
  ])('with %s is nobody', async (_, changes, code) => {
    expect(await home.ask(changes)).toBe(code);
  });

  it('is asked for once in two seconds', async () => {
    for (let count = 0; count < 10; count += 1) await home.ask();
    expect(home.log.reads).toBe(1);
    home.clock.advanceSeconds(2);
    await home.ask();
    expect(home.log.reads).toBe(2);
  });

  it('SES-09: is out of time on the second, remembered or not', async () => {
    home.session.idleExpiresAt = minutesAfter(home.clock.now(), 2 / 60);
    expect(await home.ask()).toMatchObject({ caller: { userId: 'user-1' } });
    home.clock.advanceSeconds(1);
    expect(await home.ask()).toMatchObject({ caller: { userId: 'user-1' } });
    home.clock.advanceSeconds(1);
    expect(await home.ask()).toBe('session_expired');
  });

  it('SES-09: lives on when another process has slid it past the end that is remembered here', async () => {
    home.session.idleExpiresAt = minutesAfter(home.clock.now(), 1 / 60);
    await home.ask();
    home.session.idleExpiresAt = minutesAfter(home.clock.now(), 60);
    home.clock.advanceSeconds(1);
    expect(await home.ask()).toMatchObject({ caller: { userId: 'user-1' } });
  });

  it('F5: is asked for every time while a revocation might go unheard, and again when one might have', async () => {
    await home.ask();
    const whole = vi.spyOn(home.bus, 'isWhole', 'get').mockReturnValue(false);
    home.session.revokedAt = home.clock.now();
    expect(await home.ask()).toBe('session_revoked');
    home.session.revokedAt = null;
    whole.mockRestore();
    await home.ask();
    home.session.revokedAt = home.clock.now();
    home.bus.publish(eventsMissed, {});
    expect(await home.ask()).toBe('session_revoked');
  });

  it('SES-05: is nobody at once when the session ends', async () => {
    await home.ask();
    end();
    expect(await home.ask()).toBe('not_authenticated');
  });

  it('F30: is nobody either when it ends while it is being read', async () => {
    home.whileReading(end);
    await home.ask();
    home.whileReading(() => undefined);
    expect(await home.ask()).toBe('not_authenticated');
  });

  it('AUZ-04, SES-06: has other rights at once when the person’s rights change, and none when disabled', async () => {
    await home.ask();
    home.user.rolesFromEntra = ['viewer'];
    home.bus.publish(userChanged, { userId: 'user-1' });
    expect(await home.ask()).toMatchObject({ caller: { roles: ['viewer'] } });
    home.user.isActive = false;
    home.bus.publish(userChanged, { userId: 'user-1' });
    expect(await home.ask()).toBe('account_disabled');
  });

  it('SES-19: has a CSRF token that is not the session’s own', async () => {
    const live = await home.ask();
    expect(live).toMatchObject({ csrfToken: expect.stringMatching(/^[\w-]{43}$/) as string });
    expect(JSON.stringify(live)).not.toContain(home.credential.token);
  });
});

describe('a session on another device', () => {
  it('SES-17: goes on with another version of the browser, which is noted once', async () => {
    for (let count = 0; count < 3; count += 1)
      expect(await home.ask({ userAgent: chrome(141) })).toMatchObject({ caller: { userId: 'user-1' } });
    expect(home.log).toMatchObject({ drifts: 1, ended: [] });
  });

  it.each([
    ['without the browser’s secret', { browser: null }],
    ['with the secret of another browser', { browser: newSecretToken() }],
    ['in another browser', { userAgent: firefox }],
    ['on another system', { userAgent: chrome(140, 'X11; Linux x86_64') }],
  ])('SES-17: ends %s', async (_, changes) => {
    expect(await home.ask(changes)).toBe('device_changed');
    expect(home.log.ended).toEqual(['session-1 device_changed']);
  });
});

describe('advisory 22: an Authorization header', () => {
  it.each([
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer  x',
    'Basic eDp5',
    'bearer theirs.token',
    'Bearer ours.bad',
    'Bearer ours.good x',
    'Bearer \u0000',
    `Bearer ${'a'.repeat(9000)}`,
    'Bearer ours.good, Bearer ours.good',
    '__proto__',
    'Bearer \ud800',
  ])('advisory 7: %j is nobody’s, though the cookie is good', async (authorization) => {
    expect(await home.ask({ authorization })).toBe('not_authenticated');
  });

  it('that is ours stands for its session, and no longer than that lives', async () => {
    const bearer = { authorization: 'Bearer ours.good', token: null, browser: null, userAgent: null };
    expect(await home.ask(bearer)).toMatchObject({ caller: { sessionId: 'session-1' } });
    end();
    expect(await home.ask(bearer)).toBe('not_authenticated');
  });
});
