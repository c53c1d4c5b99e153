import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { azureTokenChanged } from '../vault/token-vault.ts';

describe('a person’s Azure token, when it is wanted', () => {
  let auth: OpenAuth;
  let userId: string;
  let scope: string;
  beforeAll(async () => {
    auth = await openAuth();
    scope = auth.config.openAiScope;
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM token_caches');
    await auth.database.rows('DELETE FROM sessions');
    auth.circuit.answered();
    auth.entra.calls.length = 0;
    auth.graph.isDisabledNow = false;
    const { session } = await auth.signIn.signIn(identityOf(personFromEntra(), auth), {
      remember: true,
      browser: 'browser',
      previousToken: null,
    });
    userId = session.userId;
  });

  const soon = 3600 - 300;
  const get = (rejected?: string) =>
    auth.tokens.accessToken(userId, scope, rejected ? { accessToken: rejected } : undefined);
  const fresh = (accessToken: string) => ({ accessToken, expiresAt: secondsAfter(auth.clock.now(), 3600) });
  const answer = (...answers: (string | EntraFailure)[]) => {
    auth.entra.answer = (call) => {
      const next = answers[call - 1] ?? answers.at(-1)!;
      if (typeof next !== 'string') throw next;
      return fresh(next);
    };
  };
  const refusal = (failureClass: FailureClass) =>
    new EntraFailure(failureClass, { status: 400, error: 'invalid_grant' });
  const versionOf = async () =>
    (await auth.database.rows<{ version: number }>('SELECT version FROM token_caches'))[0]?.version;
  const events = (told: unknown[]) =>
    auth.bus.subscribe(azureTokenChanged, ({ azureToken }) => void told.push(azureToken.status));

  it('is given out without a call, until it is due', async () => {
    expect(await get()).toBe('token-0');
    auth.clock.advanceSeconds(soon - 1);
    expect(await get()).toBe('token-0');
    expect(auth.entra.calls).toEqual([]);
    answer('token-1');
    auth.clock.advanceSeconds(1);
    expect(await get()).toBe('token-1');
    expect(auth.entra.calls).toEqual([{ cache: 'cache', client: 'confidential', scope, renew: true }]);
  });

  it('TOK-04: comes from the cache of the last answer and not from the one before', async () => {
    answer('token-1', 'token-2');
    auth.clock.advanceSeconds(soon);
    await get();
    auth.clock.advanceSeconds(soon);
    await get();
    expect(auth.entra.calls.map(({ cache }) => cache)).toEqual(['cache', 'cache+1']);
    expect((await auth.rows.find(userId))?.content.cache).toBe('cache+1+2');
  });

  it('F13: that the resource refused is renewed, once', async () => {
    answer('token-1');
    expect(await Promise.all([get('token-0'), get('token-0')])).toEqual(['token-1', 'token-1']);
    expect(await get('token-0')).toBe('token-1');
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('AUZ-05: is never given to another person', async () => {
    const other = personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333d' });
    const { id } = await auth.users.saveFromEntra(other);
    await expect(auth.tokens.accessToken(id, scope)).rejects.toMatchObject({
      code: 'reauthentication_required',
    });
    await auth.vault.replace(id, { client: 'public', cache: 'of other', token: fresh('of other') });
    expect(await Promise.all([get(), auth.tokens.accessToken(id, scope)])).toEqual(['token-0', 'of other']);
    await auth.database.rows(
      `UPDATE token_caches SET sealed = other.sealed FROM token_caches other WHERE other.user_id <> token_caches.user_id`,
    );
    // TOK-02: two rows that were swapped open for nobody.
    for (const person of [userId, id])
      await expect(auth.tokens.accessToken(person, scope)).rejects.toThrow(/could not be opened/);
    expect(auth.entra.calls).toEqual([]);
  });

  it('F9: that still works outlives a failed refresh, and is not asked for again before the back-off is over', async () => {
    answer(refusal('transient'), 'token-2');
    auth.clock.advanceSeconds(soon);
    expect(await get()).toBe('token-0');
    expect(await get()).toBe('token-0');
    expect(auth.entra.calls).toHaveLength(1);
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'expiring' });
    auth.clock.advanceSeconds(5);
    expect(await get()).toBe('token-2');
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'fresh' });
  });

  it.each<[FailureClass, string]>([
    ['transient', 'sign_in_unavailable'],
    ['operator', 'sign_in_unavailable'],
    ['sign_in_again', 'reauthentication_required'],
    ['interaction', 'reauthentication_required'],
    ['blocked', 'reauthentication_required'],
  ])(
    'F8: once the old one is over, %s is %s, after one call for two requests',
    async (failureClass, code) => {
      answer(refusal(failureClass));
      auth.clock.advanceSeconds(3600);
      await expect(get()).rejects.toMatchObject({ code });
      await expect(get()).rejects.toMatchObject({ code });
      expect(auth.entra.calls).toHaveLength(1);
    },
  );

  it('F7: says for how long there is no use in asking', async () => {
    answer(new EntraFailure('transient', { status: 429, error: 'x', retryAfterSeconds: 30 }));
    auth.clock.advanceSeconds(3600);
    const wait = await get().catch((error: { extras: { retryAfterSeconds: number } }) => error.extras);
    expect((wait as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThanOrEqual(30);
  });

  it('F8: says once that only the person can help, and records it', async () => {
    const told: unknown[] = [];
    const unsubscribe = events(told);
    answer(refusal('sign_in_again'));
    auth.clock.advanceSeconds(soon);
    expect(await get()).toBe('token-0');
    expect(await get()).toBe('token-0');
    unsubscribe();
    expect(told).toEqual(['needs_interaction']);
    expect((await auth.entries()).at(-1)).toMatchObject({
      action: 'azure_token.refresh_failed',
      outcome: 'failure',
      details: { reason: 'sign_in_again', error: 'invalid_grant' },
    });
    expect(auth.entra.calls).toHaveLength(1);
    expect(await auth.sessions.live(userId)).toHaveLength(1);
  });

  it('F7: says and records nothing of a failure that mends itself', async () => {
    const told: unknown[] = [];
    const unsubscribe = events(told);
    const before = (await auth.entries()).length;
    answer(refusal('transient'));
    auth.clock.advanceSeconds(soon);
    await get();
    unsubscribe();
    expect(told).toEqual([]);
    expect(await auth.entries()).toHaveLength(before);
  });

  it('a refresh is told to the screens and written down', async () => {
    const told: unknown[] = [];
    const unsubscribe = events(told);
    answer('token-1');
    auth.clock.advanceSeconds(soon);
    await get();
    unsubscribe();
    expect(told).toEqual(['fresh']);
    expect((await auth.entries()).at(-1)).toMatchObject({
      action: 'azure_token.refreshed',
      outcome: 'success',
      details: { scope, by: 'demand' },
    });
  });

  it('at the person’s own request is asked for although only they could help, and at nobody else’s', async () => {
    answer(refusal('sign_in_again'), 'token-2');
    auth.clock.advanceSeconds(3600);
    await expect(get()).rejects.toMatchObject({ code: 'reauthentication_required' });
    await expect(get()).rejects.toMatchObject({ code: 'reauthentication_required' });
    expect(await auth.tokens.refreshNow(userId)).toMatchObject({ status: 'fresh' });
    expect(auth.entra.calls).toHaveLength(2);
    expect(await get()).toBe('token-2');
  });

  it('of two resources is one each', async () => {
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.clock.advanceSeconds(3600);
    const [openAi, graph] = await Promise.all([get(), auth.tokens.supply(userId, 'User.Read')]);
    expect(new Set([openAi, graph.accessToken])).toEqual(new Set(['token-1', 'token-2']));
    expect(graph.source).toBe('refreshed');
    expect(await auth.tokens.supply(userId, 'User.Read')).toMatchObject({ source: 'cache' });
    expect(await get()).toBe(openAi);
    expect(new Set(auth.entra.calls.map((call) => call.scope))).toEqual(new Set(['User.Read', scope]));
    expect(auth.entra.calls).toHaveLength(2);
  });

  it.each(['token-1', refusal('sign_in_again')])(
    'F30: a sign-in while a refresh is under way wins over %s',
    async (late) => {
      const before = (await versionOf()) ?? 0;
      auth.clock.advanceSeconds(3600);
      auth.entra.answer = async () => {
        await auth.vault.replace(userId, {
          client: 'public',
          cache: 'newer',
          token: fresh('of the sign-in'),
        });
        if (typeof late !== 'string') throw late;
        return fresh(late);
      };
      await get().catch(() => undefined);
      expect(await get()).toBe('of the sign-in');
      expect(await auth.vault.status(userId)).toMatchObject({ status: 'fresh' });
      expect(await versionOf()).toBe(before + 1);
    },
  );

  it('F30, TOK-05: a sign-out while a refresh is under way wins, and nothing is given out or written after it', async () => {
    auth.clock.advanceSeconds(soon);
    auth.entra.answer = async () => {
      await auth.endings.endAll(userId, { why: 'signed_out', by: userId });
      return fresh('token-1');
    };
    await expect(get()).rejects.toMatchObject({ code: 'reauthentication_required' });
    expect(await auth.count('token_caches')).toBe(0);
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'none' });
    expect((await auth.entries()).at(-1)).toMatchObject({ action: 'azure_token.wiped' });
  });
});
