import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { sessionEnded } from '../sessions/sessions.ts';
import { permissionsWithdrawn } from '../users/users.ts';
import {
  type Answered,
  identityOf,
  type OpenAuth,
  openAuth,
  personFromEntra,
} from '../../../../test/support/auth-kit.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';

const admins = '99999999-9999-4999-8999-999999999999';
const members = '99999999-9999-4999-8999-999999999990';
const subject = 'pairwise-subject';

describe('the scheduler', () => {
  let auth: OpenAuth;
  beforeAll(async () => {
    auth = await openAuth({
      ROLE_MAPPINGS: [
        { group: admins, role: 'admin' },
        { group: members, role: 'user' },
      ],
    });
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM users');
    auth.circuit.answered();
    auth.entra.calls.length = 0;
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.graph.isDisabledNow = false;
    auth.graph.groupsOf = () => [];
  });

  const fresh = (accessToken: string, claims?: Answered['claims']): Answered => ({
    accessToken,
    expiresAt: secondsAfter(auth.clock.now(), 3600),
    ...(claims ? { claims } : {}),
  });
  const personNo = (number: number) =>
    personFromEntra({ objectId: `33333333-3333-4333-8333-${String(number).padStart(12, '0')}` });
  const saying = (person: ReturnType<typeof personNo>, more: Answered['claims'] = {}) => ({
    tid: person.tenantId,
    oid: person.objectId,
    sub: subject,
    groups: [members],
    ...more,
  });
  async function signedIn(number = 1, { remember = true, person = personNo(number) } = {}) {
    const identity = identityOf(person, auth);
    const credentials = { ...identity.credentials, cache: `cache of ${number}`, subject };
    const request = { remember, browser: `browser ${number}`, previousToken: null };
    const { session } = await auth.signIn.signIn({ ...identity, credentials }, request);
    return { person, session, userId: session.userId };
  }
  const refuse = (failureClass: FailureClass, more: object = {}) => {
    auth.entra.answer = () => {
      throw new EntraFailure(failureClass, { status: 400, error: 'some_error', ...more });
    };
  };
  const rowOf = async (userId: string) => (await auth.rows.find(userId))?.row;
  const lastEntry = async () => (await auth.entries()).at(-1);
  const tick = () => auth.schedule.tick();

  it('renews what is due, and nothing else', async () => {
    const { userId } = await signedIn(1);
    auth.clock.advanceSeconds(2990);
    await tick();
    expect(auth.entra.calls).toEqual([]);
    auth.clock.advanceSeconds(310);
    await signedIn(2);
    await tick();
    await tick();
    expect(auth.entra.calls.map(({ cache }) => cache)).toEqual(['cache of 1']);
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'fresh' });
    expect(await auth.tokens.accessToken(userId, auth.config.openAiScope)).toBe('token-1');
    const entry = (await auth.entries()).find(({ action }) => action === 'azure_token.refreshed');
    expect(entry).toMatchObject({ actor_id: null, details: { by: 'schedule' } });
  });

  it('F10: of several processes at once refreshes each person once', async () => {
    for (let number = 1; number <= 30; number += 1) await signedIn(number);
    auth.clock.advanceSeconds(3300);
    const processes = [auth, auth.newProcess(), auth.newProcess()];
    await Promise.all(processes.map(({ schedule }) => schedule.tick()));
    expect(auth.entra.calls).toHaveLength(30);
    expect(new Set(auth.entra.calls.map(({ cache }) => cache)).size).toBe(30);
  });

  it('F10: and a request at the same moment shares its call', async () => {
    const { userId } = await signedIn();
    auth.entra.answer = (call) =>
      new Promise((resolve) => setTimeout(() => resolve(fresh(`token-${call}`)), 50));
    auth.clock.advanceSeconds(3600);
    const { tokens } = auth.newProcess();
    const [, token] = await Promise.all([tick(), tokens.accessToken(userId, auth.config.openAiScope)]);
    expect(token).toBe('token-1');
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('SES-12: keeps no session alive, however long it runs', async () => {
    const { session, userId } = await signedIn(1, { remember: false });
    const before = await auth.sessions.findById(userId, session.id);
    for (let minute = 0; minute < 59; minute += 1) {
      auth.clock.advanceSeconds(60);
      await tick();
    }
    expect(auth.entra.calls).toHaveLength(1);
    expect(await auth.sessions.findById(userId, session.id)).toEqual(before);
    expect(await auth.sessions.hasLive(userId)).toBe(true);
    auth.clock.advanceSeconds(60);
    expect(await auth.sessions.hasLive(userId)).toBe(false);
    auth.clock.advanceSeconds(3600);
    await tick();
    expect(auth.entra.calls).toHaveLength(1);
    await auth.vault.wipeWithoutSession();
    expect(await auth.count('token_caches')).toBe(0);
  });

  it.each([['sign_in_again'], ['interaction']] as const)(
    'F8: after %s it asks no more, tells the person, and their session goes on',
    async (failureClass) => {
      const { userId } = await signedIn();
      refuse(failureClass);
      auth.clock.advanceSeconds(3300);
      await tick();
      await tick();
      auth.clock.advanceSeconds(86_400 - 3300);
      await tick();
      expect(auth.entra.calls).toHaveLength(1);
      expect(await rowOf(userId)).toMatchObject({ refreshDueAt: null, failureClass });
      expect(await auth.vault.status(userId)).toMatchObject({ status: 'needs_interaction' });
      expect(await auth.sessions.hasLive(userId)).toBe(true);
      expect(await lastEntry()).toMatchObject({
        action: 'azure_token.refresh_failed',
        actor_id: null,
        details: { reason: failureClass, error: 'some_error' },
      });
    },
  );

  it('keeps the claims that Entra wants, until the person confirms', async () => {
    const { userId } = await signedIn();
    refuse('interaction', { error: 'interaction_required', claims: '{"access_token":{}}' });
    auth.clock.advanceSeconds(3300);
    await tick();
    expect(await auth.challenges.confirmation(userId)).toEqual({
      claims: '{"access_token":{}}',
      isRefused: false,
    });
    await signedIn();
    expect(await auth.challenges.confirmation(userId)).toEqual({ claims: null, isRefused: false });
  });

  it.each([
    ['Entra blocks them', 'blocked', false],
    ['Graph says that the account is disabled', 'sign_in_again', true],
  ] as const)('whoever is out for good is signed out everywhere: %s', async (_, failureClass, isDisabled) => {
    const person = personNo(1);
    const identity = identityOf(person, auth);
    const profileToken = { accessToken: 'for Graph', expiresAt: secondsAfter(auth.clock.now(), 4000) };
    const { session } = await auth.signIn.signIn(
      { ...identity, credentials: { ...identity.credentials, profileToken } },
      { remember: true, browser: 'browser', previousToken: null },
    );
    const told: string[] = [];
    const unsubscribe = auth.bus.subscribe(sessionEnded, ({ code }) => void told.push(code));
    refuse(failureClass);
    auth.graph.isDisabledNow = isDisabled;
    auth.clock.advanceSeconds(3300);
    await tick();
    unsubscribe();
    expect(told).toEqual(['account_disabled']);
    expect(await auth.sessions.hasLive(session.userId)).toBe(false);
    expect(await auth.count('token_caches')).toBe(0);
    const actions = (await auth.entries()).slice(-3).map(({ action }) => action);
    expect(actions).toEqual(['azure_token.refresh_failed', 'session.ended', 'azure_token.wiped']);
  });

  it('F7, F9: a failure that passes is tried again after the back-off, and costs nobody anything', async () => {
    const { userId } = await signedIn();
    refuse('transient');
    auth.clock.advanceSeconds(3300);
    await tick();
    await tick();
    expect(auth.entra.calls).toHaveLength(1);
    expect(await auth.tokens.accessToken(userId, auth.config.openAiScope)).toBe('token-0');
    auth.entra.answer = () => fresh('token-2');
    auth.clock.advanceSeconds(5);
    await tick();
    expect(await auth.tokens.accessToken(userId, auth.config.openAiScope)).toBe('token-2');
    expect(await rowOf(userId)).toMatchObject({ failureClass: null, failureCount: 0 });
  });

  it('F29: when Entra throttles, ten thousand due tokens do not go on asking', async () => {
    for (let number = 1; number <= 40; number += 1) await signedIn(number);
    refuse('transient', { status: 429, retryAfterSeconds: 30 });
    auth.clock.advanceSeconds(3300);
    await tick();
    const first = auth.entra.calls.length;
    expect(first).toBeLessThanOrEqual(10);
    auth.clock.advanceSeconds(29);
    await tick();
    expect(auth.entra.calls).toHaveLength(first);
    auth.clock.advanceSeconds(1);
    await tick();
    expect(auth.entra.calls.length).toBeLessThanOrEqual(first + 1);
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.clock.advanceSeconds(600);
    await tick();
    await tick();
    const status = await auth.database.rows('SELECT 1 FROM token_caches WHERE failure_class IS NOT NULL');
    expect(status).toEqual([]);
  });

  it('F23: a row whose key is missing is put off, and holds up nobody', async () => {
    const one = await signedIn(1);
    const two = await signedIn(2);
    await auth.database.rows(`UPDATE token_caches SET sealed = '\\x00' WHERE user_id = $1`, [one.userId]);
    auth.clock.advanceSeconds(3300);
    await tick();
    await tick();
    expect(await auth.vault.status(two.userId)).toMatchObject({ status: 'fresh' });
    const [row] = await auth.database.rows<{ refresh_due_at: Date; lease_until: Date | null }>(
      'SELECT refresh_due_at, lease_until FROM token_caches WHERE user_id = $1',
      [one.userId],
    );
    expect(row!.refresh_due_at > auth.clock.now()).toBe(true);
  });

  describe('looks at what Entra gives a person now', () => {
    it('AUZ-04: fewer rights count at once, in the same refresh', async () => {
      const { person, userId } = await signedIn(1, {
        person: { ...personNo(1), roles: ['admin', 'user'] },
      });
      await signedIn(2, { person: { ...personNo(2), roles: ['admin'] } });
      await auth.database.rows('UPDATE token_caches SET refresh_due_at = NULL WHERE user_id <> $1', [userId]);
      const withdrawn: string[][] = [];
      const unsubscribe = auth.bus.subscribe(
        permissionsWithdrawn,
        ({ permissions }) => void withdrawn.push(permissions),
      );
      auth.entra.answer = () => fresh('token-1', saying(person));
      auth.clock.advanceSeconds(3300);
      await tick();
      unsubscribe();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['user']);
      expect(withdrawn.flat()).toContain('users.manage');
      expect(await auth.sessions.hasLive(userId)).toBe(true);
    });

    it('AUZ-04: who is left without any role is signed out', async () => {
      const { person, userId } = await signedIn();
      auth.entra.answer = () => fresh('token-1', saying(person, { groups: [] }));
      auth.clock.advanceSeconds(3300);
      await tick();
      expect(await auth.sessions.hasLive(userId)).toBe(false);
      expect(await auth.count('token_caches')).toBe(0);
    });

    it('more rights count as well', async () => {
      const { person, userId } = await signedIn();
      auth.entra.answer = () => fresh('token-1', saying(person, { groups: [members, admins] }));
      auth.clock.advanceSeconds(3300);
      await tick();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['admin', 'user']);
    });

    it('asks Graph where the ID token leaves the groups out', async () => {
      const { person, userId } = await signedIn();
      const { groups: _, ...overage } = saying(person, { _claim_names: { groups: 'src1' } });
      auth.entra.answer = (call) => fresh(`token-${call}`, overage);
      auth.graph.groupsOf = () => [members, admins];
      auth.clock.advanceSeconds(3300);
      await tick();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['admin', 'user']);
      expect(auth.entra.calls.map(({ scope }) => scope)).toEqual([auth.config.openAiScope, 'User.Read']);
    });

    it('AUZ-04: asks Graph for the groups of who signed in with the Azure CLI', async () => {
      const { userId } = await signedIn();
      await auth.database.rows(`UPDATE token_caches SET client = 'azure_cli'`);
      auth.entra.answer = (call) => fresh(`token-${call}`);
      auth.graph.groupsOf = () => [admins];
      auth.clock.advanceSeconds(3300);
      await tick();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['admin']);
      expect(new Set(auth.entra.calls.map(({ client }) => client))).toEqual(new Set(['azure_cli']));
    });

    it('a failure of Graph changes nothing, and gives nobody the default role', async () => {
      const { person, userId } = await signedIn();
      const { groups: _, ...overage } = saying(person, { hasgroups: true });
      auth.entra.answer = (call) => fresh(`token-${call}`, overage);
      auth.graph.groupsOf = () => Promise.reject(new Error('Graph is away'));
      auth.clock.advanceSeconds(3300);
      await tick();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['user']);
      expect(await auth.vault.status(userId)).toMatchObject({ status: 'fresh' });
    });

    it('an answer without ID token changes nothing', async () => {
      const { userId } = await signedIn();
      auth.clock.advanceSeconds(3300);
      await tick();
      expect((await auth.users.find(userId))?.rolesFromEntra).toEqual(['user']);
    });
  });

  it.each([
    ['oid', { oid: '44444444-4444-4444-8444-444444444444' }],
    ['tid', { tid: '44444444-4444-4444-8444-444444444444' }],
    ['sub', { sub: 'another' }],
  ])(
    'OID-22: an answer with another %s is discarded, and the person signed out, with the reason',
    async (_, other) => {
      const { person, userId } = await signedIn();
      const told: string[] = [];
      const unsubscribe = auth.bus.subscribe(sessionEnded, ({ code }) => void told.push(code));
      auth.entra.answer = () => fresh('of another', { ...saying(person), ...other });
      auth.clock.advanceSeconds(3300);
      await tick();
      unsubscribe();
      expect(told).toEqual(['identity_mismatch']);
      expect(await auth.sessions.hasLive(userId)).toBe(false);
      expect(await auth.count('token_caches')).toBe(0);
      const entries = (await auth.entries()).slice(-3);
      expect(entries.map(({ action }) => action)).toEqual([
        'azure_token.refresh_failed',
        'session.ended',
        'azure_token.wiped',
      ]);
      expect(entries[0]?.details).toMatchObject({ reason: 'identity_mismatch' });
      await expect(auth.tokens.accessToken(userId, auth.config.openAiScope)).rejects.toMatchObject({
        code: 'reauthentication_required',
      });
    },
  );

  it('is seen in the metrics', async () => {
    await signedIn(1);
    await signedIn(2);
    auth.clock.advanceSeconds(3300);
    await tick();
    refuse('transient');
    auth.clock.advanceSeconds(3300);
    await tick();
    auth.clock.advanceSeconds(7);
    const text = await auth.registry.metrics();
    expect(text).toMatch(/entrada_token_refreshes_total\{outcome="refreshed",trigger="schedule"\} \d+/);
    expect(text).toMatch(/entrada_token_refreshes_total\{outcome="transient",trigger="schedule"\} \d+/);
    expect(text).toContain('entrada_token_refresh_due 2');
    expect(text).toContain('entrada_token_expiry_seconds 293');
    expect(text).toContain('entrada_token_refresh_tick_age_seconds 7');
  });
});
