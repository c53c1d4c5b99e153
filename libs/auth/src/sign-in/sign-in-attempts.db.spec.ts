import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newSecretToken, secondsAfter } from '#platform';
import { type OpenAuth, openAuth } from '../../../../test/support/auth-kit.ts';
import type { NewAttempt } from './sign-in-attempts.ts';

describe('attempts to sign in', () => {
  let auth: OpenAuth;
  beforeAll(async () => void (auth = await openAuth()));
  afterAll(() => auth.close());
  beforeEach(() => auth.database.rows('DELETE FROM sign_in_attempts'));

  const kind = 'authorization_code';
  const begin = async (changes: Partial<NewAttempt> = {}) => {
    const attempt = {
      id: randomUUID(),
      kind,
      browser: newSecretToken(),
      state: newSecretToken(),
      nonce: newSecretToken(),
      ...{
        secret: 'canary-verifier',
        remember: false,
        expiresAt: secondsAfter(auth.clock.now(), 900),
      },
      ...changes,
    } as NewAttempt & { state: string };
    await auth.attempts.begin(attempt);
    return attempt;
  };
  const find = ({ state, browser }: { state: string; browser: string }, of: NewAttempt['kind'] = kind) =>
    auth.attempts.findByState(state, { kind: of, browser });
  const dump = async () =>
    JSON.stringify(
      await auth.database.rows(`SELECT *, encode(sealed, 'escape') AS text FROM sign_in_attempts`),
    );

  it('are found by the browser that began them, with their secret', async () => {
    const attempt = await begin();
    const found = await find(attempt);
    expect(found).toMatchObject({ id: attempt.id, nonce: attempt.nonce, status: 'pending' });
    expect(auth.attempts.secretOf(found!)).toBe('canary-verifier');
  });

  it('keep no state, no browser and no secret that could be used from a copy of the table', async () => {
    const { state, browser } = await begin();
    const rows = await dump();
    for (const secret of [state, browser, 'canary-verifier']) expect(rows).not.toContain(secret);
  });

  it('OID-12: are not there for another browser, another state, or another kind of sign-in (advisory 21)', async () => {
    const attempt = await begin();
    expect(await find({ ...attempt, browser: newSecretToken() })).toBeNull();
    expect(await find({ ...attempt, state: newSecretToken() })).toBeNull();
    expect(await find(attempt, 'device_code')).toBeNull();
    const device = await begin({ kind: 'device_code' });
    expect(await find(device)).toBeNull();
    expect(
      await auth.attempts.findById(device.id, { kinds: ['device_code'], browser: attempt.browser }),
    ).toBeNull();
    expect(await auth.attempts.findById(device.id, { kinds: [kind], browser: device.browser })).toBeNull();
    expect(
      await auth.attempts.findById(device.id, { kinds: ['device_code'], browser: device.browser }),
    ).not.toBeNull();
  });

  it('OID-13, DEV-05: are used by one of twenty that try at once, and never again', async () => {
    const found = (await find(await begin()))!;
    const taken = await Promise.all(Array.from({ length: 20 }, () => auth.attempts.take(found, 'pending')));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await auth.attempts.take(found, 'pending')).toBe(false);
    expect(await auth.attempts.take(found, 'approved')).toBe(false);
  });

  it('keep no secret once they are used or settled', async () => {
    const used = (await find(await begin()))!;
    await auth.attempts.take(used, 'pending');
    const { id } = await begin({ kind: 'device_code' });
    await auth.attempts.settle(id, { status: 'declined', failure: 'sign_in_cancelled' });
    const sizes = await auth.database.rows<{ size: number }>(
      'SELECT length(sealed) AS size FROM sign_in_attempts',
    );
    expect(sizes.map(({ size }) => size)).toEqual([0, 0]);
  });

  it('DEV-06: are not used after their end, though approved', async () => {
    const { id, browser } = await begin({ kind: 'device_code' });
    const key = { kinds: ['device_code'], browser } as const;
    await auth.attempts.settle(id, {
      status: 'approved',
      secret: 'tokens',
      expiresAt: secondsAfter(auth.clock.now(), 300),
    });
    const found = (await auth.attempts.findById(id, key))!;
    auth.clock.advanceSeconds(300);
    expect(await auth.attempts.take(found, 'approved')).toBe(false);
    const attempt = await begin();
    auth.clock.advanceSeconds(900);
    expect(await find(attempt)).toBeNull();
  });

  it('DEV-04: are settled once; what comes later changes nothing', async () => {
    const { id, browser } = await begin({ kind: 'device_code' });
    expect(await auth.attempts.settle(id, { status: 'declined', failure: 'sign_in_cancelled' })).toBe(true);
    expect(await auth.attempts.settle(id, { status: 'approved', secret: 'tokens' })).toBe(false);
    expect(await auth.attempts.findById(id, { kinds: ['device_code'], browser })).toMatchObject({
      status: 'declined',
      failure: 'sign_in_cancelled',
    });
  });

  it('LOG-01: an outcome and what is recorded with it are there together, or neither is', async () => {
    const { id, browser } = await begin({ kind: 'device_code' });
    const status = async () =>
      (await auth.attempts.findById(id, { kinds: ['device_code'], browser }))!.status;
    const settle = (alongside: () => Promise<void>) =>
      auth.attempts.settle(id, { status: 'declined', failure: 'sign_in_cancelled' }, alongside);
    await expect(settle(() => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose');
    expect(await status()).toBe('pending');
    let times = 0;
    const count = async () => void (times += 1);
    expect([await settle(count), await settle(count), times]).toEqual([true, false, 1]);
    expect(await status()).toBe('declined');
  });

  it('OID-23: of one browser are at most ten; the oldest gives way', async () => {
    const browser = newSecretToken();
    const begun = [];
    for (let count = 0; count < 12; count += 1) {
      begun.push(await begin({ browser }));
      auth.clock.advanceSeconds(1);
    }
    const found = await Promise.all(begun.map((attempt) => find(attempt)));
    expect(found.map(Boolean)).toEqual([false, false, ...Array.from({ length: 10 }, () => true)]);
  });

  it('DEV-08: by device code of everybody together are at most 500 at a time', async () => {
    await auth.database.rows(
      `INSERT INTO sign_in_attempts (kind, status, browser_hash, sealed, created_at, expires_at)
       SELECT 'device_code', 'pending', int4send(n), '', now(), $1 FROM generate_series(1, 499) n`,
      [secondsAfter(auth.clock.now(), 900)],
    );
    await begin({ kind: 'device_code' });
    await expect(begin({ kind: 'device_code' })).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(begin()).resolves.toBeDefined();
  });

  it('F10: without a process that polls for them are taken over by one', async () => {
    const { id } = await begin({ kind: 'device_code', leaseUntil: secondsAfter(auth.clock.now(), 30) });
    const until = () => secondsAfter(auth.clock.now(), 30);
    expect(await auth.attempts.adopt('device_code', until())).toEqual([]);
    auth.clock.advanceSeconds(31);
    const adopted = await Promise.all([1, 2, 3].map(() => auth.attempts.adopt('device_code', until())));
    expect(adopted.flat().map((attempt) => attempt.id)).toEqual([id]);
    expect(auth.attempts.secretOf(adopted.flat()[0]!)).toBe('canary-verifier');
    expect(await auth.attempts.renewLease(id, until())).toBe(true);
    await auth.attempts.discard(id);
    expect(await auth.attempts.renewLease(id, until())).toBe(false);
  });

  it('go when their time is over', async () => {
    await begin();
    auth.clock.advanceSeconds(901);
    const kept = await begin();
    await auth.attempts.cleanUp();
    expect(await auth.count('sign_in_attempts')).toBe(1);
    expect(await find(kept)).not.toBeNull();
  });
});
