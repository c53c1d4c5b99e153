import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { azureTokenChanged } from './token-vault.ts';

describe('the vault of Azure tokens', () => {
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
    auth.entra.calls.length = 0;
    const person = personFromEntra();
    ({ id: userId } = await auth.users.saveFromEntra(person));
    await auth.vault.replace(userId, identityOf(person, auth).credentials);
  });

  const soon = 3600 - 300;
  const get = (rejected?: string) => auth.vault.accessToken(userId, scope, rejected);
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

  it('gives out what it has without a call, until it is due', async () => {
    expect(await get()).toBe('token-0');
    auth.clock.advanceSeconds(soon - 1);
    expect(await get()).toBe('token-0');
    expect(auth.entra.calls).toEqual([]);
    answer('token-1');
    auth.clock.advanceSeconds(1);
    expect(await get()).toBe('token-1');
    expect(auth.entra.calls).toEqual([{ cache: 'cache', client: 'confidential', scope, renew: true }]);
  });

  it('TOK-01: shows nothing of them in the table', async () => {
    const rows = await auth.database.rows(`SELECT *, encode(sealed, 'escape') AS text FROM token_caches`);
    expect(JSON.stringify(rows)).not.toMatch(/token-0|"cache"/);
  });

  it('TOK-04: keeps the cache of the last answer and not the one before', async () => {
    answer('token-1', 'token-2');
    auth.clock.advanceSeconds(soon);
    await get();
    auth.clock.advanceSeconds(soon);
    await get();
    expect(auth.entra.calls.map(({ cache }) => cache)).toEqual(['cache', 'cache+1']);
  });

  it('F10: fifty callers at once make one call', async () => {
    answer('token-1');
    auth.clock.advanceSeconds(soon);
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => get())))).toEqual(new Set(['token-1']));
    expect(auth.entra.calls).toHaveLength(1);
    expect(await get()).toBe('token-1');
  });

  it('F13: a token that the resource refused is renewed, once', async () => {
    answer('token-1');
    expect(await Promise.all([get('token-0'), get('token-0')])).toEqual(['token-1', 'token-1']);
    expect(await get('token-0')).toBe('token-1');
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('AUZ-05: never gives one person the token of another', async () => {
    const other = personFromEntra({ objectId: '33333333-3333-4333-8333-33333333333d' });
    const { id } = await auth.users.saveFromEntra(other);
    await expect(auth.vault.accessToken(id, scope)).rejects.toMatchObject({
      code: 'reauthentication_required',
    });
    await auth.vault.replace(id, { client: 'public', cache: 'of other', token: fresh('of other') });
    expect(await Promise.all([get(), auth.vault.accessToken(id, scope)])).toEqual(['token-0', 'of other']);
    await auth.database.rows(
      `UPDATE token_caches SET sealed = other.sealed FROM token_caches other WHERE other.user_id <> token_caches.user_id`,
    );
    // TOK-02: two rows that were swapped open for nobody.
    for (const person of [userId, id])
      await expect(auth.vault.accessToken(person, scope)).rejects.toThrow(/could not be opened/);
    expect(auth.entra.calls).toEqual([]);
  });

  it('F9: a token that still works outlives a failed refresh', async () => {
    answer(refusal('transient'), 'token-2');
    auth.clock.advanceSeconds(soon);
    expect(await get()).toBe('token-0');
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'expiring' });
    expect(await get()).toBe('token-2');
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'fresh' });
  });

  it.each<[FailureClass, string, number]>([
    ['transient', 'sign_in_unavailable', 2],
    ['operator', 'sign_in_unavailable', 2],
    ['sign_in_again', 'reauthentication_required', 1],
    ['interaction', 'reauthentication_required', 1],
    ['blocked', 'reauthentication_required', 1],
  ])(
    'F8: once the old one is over, %s is %s, after %i calls for two requests',
    async (failureClass, code, calls) => {
      answer(refusal(failureClass));
      auth.clock.advanceSeconds(3600);
      await expect(get()).rejects.toMatchObject({ code });
      await expect(get()).rejects.toMatchObject({ code });
      expect(auth.entra.calls).toHaveLength(calls);
    },
  );

  it('F8: says once that only the person can help, and records it', async () => {
    const told: unknown[] = [];
    const unsubscribe = auth.bus.subscribe(
      azureTokenChanged,
      ({ azureToken }) => void told.push(azureToken.status),
    );
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
  });

  it('F7: says and records nothing of a failure that mends itself', async () => {
    const told: unknown[] = [];
    const unsubscribe = auth.bus.subscribe(azureTokenChanged, ({ azureToken }) => void told.push(azureToken));
    const before = (await auth.entries()).length;
    answer(refusal('transient'));
    auth.clock.advanceSeconds(soon);
    await get();
    unsubscribe();
    expect(told).toEqual([]);
    expect(await auth.entries()).toHaveLength(before);
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

  it('F30, TOK-05: a wipe while a refresh is under way wins, and nothing is written after it', async () => {
    auth.clock.advanceSeconds(soon);
    auth.entra.answer = async () => {
      await auth.vault.wipe(userId);
      return fresh('token-1');
    };
    await get().catch(() => undefined);
    expect(await auth.count('token_caches')).toBe(0);
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'none' });
    await expect(get()).rejects.toMatchObject({ code: 'reauthentication_required' });
  });

  it('F10: two processes that refresh at once both have a token that works, and the vault keeps one of them', async () => {
    const elsewhere = auth.newVault();
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.clock.advanceSeconds(soon);
    const tokens = await Promise.all([get(), elsewhere.accessToken(userId, scope)]);
    expect(tokens.every((token) => /^token-[12]$/.test(token))).toBe(true);
    expect(tokens).toContain(await get());
    const calls = auth.entra.calls.length;
    expect(await elsewhere.accessToken(userId, scope)).toBe(await get());
    expect(auth.entra.calls).toHaveLength(calls);
  });

  it('F10: who comes just after a refresh makes no other', async () => {
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.clock.advanceSeconds(soon);
    const latecomers = Array.from({ length: 10 }, () => auth.newVault());
    for (const vault of latecomers) await vault.accessToken(userId, scope);
    for (const vault of latecomers) await vault.accessToken(userId, scope, 'token-0');
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('TOK-05: goes with its person', async () => {
    await auth.database.rows('DELETE FROM users WHERE id = $1', [userId]);
    expect(await auth.count('token_caches')).toBe(0);
  });
});
