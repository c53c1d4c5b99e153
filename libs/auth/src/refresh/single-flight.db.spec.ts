import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { EntraFailure } from '../entra/entra-failure.ts';
import { leaseSeconds } from '../vault/vault-rows.ts';

/** Several processes share the database and nothing else. */
describe('F10: of many who want the same token, one asks Entra', () => {
  let auth: OpenAuth;
  let userId: string;
  let scope: string;
  let processes: ReturnType<OpenAuth['newProcess']>[];
  beforeAll(async () => {
    auth = await openAuth();
    scope = auth.config.openAiScope;
    processes = [auth, auth.newProcess(), auth.newProcess()];
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM token_caches');
    await auth.database.rows('DELETE FROM sessions');
    processes.forEach(({ circuit }) => circuit.answered());
    auth.entra.calls.length = 0;
    const { session } = await auth.signIn.signIn(identityOf(personFromEntra(), auth), {
      remember: true,
      browser: 'browser',
      previousToken: null,
    });
    userId = session.userId;
  });

  const fresh = (accessToken: string) => ({ accessToken, expiresAt: secondsAfter(auth.clock.now(), 3600) });
  const slowly = (call: number) =>
    new Promise<ReturnType<typeof fresh>>((resolve) =>
      setTimeout(() => resolve(fresh(`token-${call}`)), 100),
    );
  const everybody = (rejected?: string) =>
    Array.from({ length: 50 }, (_, index) =>
      processes[index % processes.length]!.tokens.accessToken(
        userId,
        scope,
        rejected ? { accessToken: rejected } : undefined,
      ),
    );

  it('fifty at once in three processes, with a token that is over', async () => {
    auth.entra.answer = slowly;
    auth.clock.advanceSeconds(3600);
    expect(new Set(await Promise.all(everybody()))).toEqual(new Set(['token-1']));
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('fifty at once whose token Azure has just refused', async () => {
    auth.entra.answer = slowly;
    expect(new Set(await Promise.all(everybody('token-0')))).toEqual(new Set(['token-1']));
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('who has a token that still works waits for nobody', async () => {
    let release = () => {};
    auth.entra.answer = () => new Promise((resolve) => (release = () => resolve(fresh('token-1'))));
    auth.clock.advanceSeconds(3300);
    const winner = processes[0]!.tokens.accessToken(userId, scope);
    await expect.poll(() => auth.entra.calls.length).toBe(1);
    expect(await processes[1]!.tokens.accessToken(userId, scope)).toBe('token-0');
    release();
    expect(await winner).toBe('token-1');
    expect(await processes[1]!.tokens.accessToken(userId, scope)).toBe('token-1');
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('who loses shares the refusal, loses no session and asks no second time', async () => {
    auth.entra.answer = () =>
      new Promise((_, reject) =>
        setTimeout(
          () => reject(new EntraFailure('sign_in_again', { status: 400, error: 'invalid_grant' })),
          100,
        ),
      );
    auth.clock.advanceSeconds(3600);
    const codes = await Promise.all(
      everybody().map((token) => token.catch((error: { code: string }) => error.code)),
    );
    expect(new Set(codes)).toEqual(new Set(['reauthentication_required']));
    expect(auth.entra.calls).toHaveLength(1);
    expect(await auth.sessions.live(userId)).toHaveLength(1);
  });

  it('shares a passing failure too', async () => {
    auth.entra.answer = () =>
      new Promise((_, reject) => setTimeout(() => reject(new EntraFailure('transient', null)), 100));
    auth.clock.advanceSeconds(3600);
    const codes = await Promise.all(
      everybody().map((token) => token.catch((error: { code: string }) => error.code)),
    );
    expect(new Set(codes)).toEqual(new Set(['sign_in_unavailable']));
    expect(auth.entra.calls).toHaveLength(1);
  });

  it('F11: a process that died after Entra answered and before it saved is succeeded when its lease lapses', async () => {
    auth.entra.answer = (call) => fresh(`token-${call}`);
    auth.clock.advanceSeconds(3600);
    await auth.rows.lease(userId);
    const waiting = processes[1]!.tokens.accessToken(userId, scope);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(auth.entra.calls).toEqual([]);
    auth.clock.advanceSeconds(leaseSeconds);
    expect(await waiting).toBe('token-1');
    // With the refresh token of before: Entra goes on taking it.
    expect(auth.entra.calls.map(({ cache }) => cache)).toEqual(['cache']);
  });

  it('F11: where Entra takes it no more, the person signs in again and keeps their session', async () => {
    auth.entra.answer = () => {
      throw new EntraFailure('sign_in_again', { status: 400, error: 'invalid_grant' });
    };
    auth.clock.advanceSeconds(3600);
    await auth.rows.lease(userId);
    auth.clock.advanceSeconds(leaseSeconds);
    await expect(processes[1]!.tokens.accessToken(userId, scope)).rejects.toMatchObject({
      code: 'reauthentication_required',
    });
    expect(await auth.sessions.live(userId)).toHaveLength(1);
  });

  it('a winner that comes back after its lease has lapsed writes nothing over its successor', async () => {
    let late = () => {};
    auth.entra.answer = (call) =>
      call === 1 ? new Promise((resolve) => (late = () => resolve(fresh('late')))) : fresh(`token-${call}`);
    auth.clock.advanceSeconds(3600);
    const stalled = processes[0]!.tokens.accessToken(userId, scope);
    await expect.poll(() => auth.entra.calls.length).toBe(1);
    auth.clock.advanceSeconds(leaseSeconds);
    expect(await processes[1]!.tokens.accessToken(userId, scope)).toBe('token-2');
    late();
    expect(await stalled).toBe('token-2');
    expect(auth.entra.calls).toHaveLength(2);
    expect((await auth.rows.find(userId))?.content.cache).toBe('cache+2');
  });

  it('a failure that comes after the lease has lapsed says nothing about the successor', async () => {
    let fail = () => {};
    auth.entra.answer = (call) =>
      call === 1
        ? new Promise((_, reject) => (fail = () => reject(new EntraFailure('sign_in_again', null))))
        : fresh(`token-${call}`);
    auth.clock.advanceSeconds(3600);
    const stalled = processes[0]!.tokens.accessToken(userId, scope).catch(() => null);
    await expect.poll(() => auth.entra.calls.length).toBe(1);
    auth.clock.advanceSeconds(leaseSeconds);
    await auth.rows.lease(userId);
    fail();
    await stalled;
    expect(await auth.vault.status(userId)).toMatchObject({ status: 'expired' });
  });
});
