import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { attemptPath, beginDevice, complete, statusOf, untilStatus } from '../support/device.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('polling Entra for a device sign-in', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack();
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  beforeEach(async () => {
    // Nobody polls on for a test before this.
    await database.query('DELETE FROM sign_in_attempts');
    await stack.azure.set({ device: { interval: 0.3 } });
  });
  afterEach(() => stack.azure.reset());

  const polls = () => stack.azure.calls('token', { grant: 'device_code' });
  /** Milliseconds between one poll and the next. */
  const gaps = async () => {
    const times = (await polls()).map(({ at }) => Date.parse(at));
    return times.slice(1).map((time, index) => time - times[index]!);
  };

  it('DEV-03: ten tabs that ask all the time make us ask Entra no faster than the interval', async () => {
    await stack.azure.set({ device: { interval: 0.6 } });
    const { visitor, attempt } = await beginDevice(stack);
    const over = new AbortController();
    const tabs = Array.from({ length: 10 }, async () => {
      while (!over.signal.aborted) {
        await statusOf(visitor, attempt);
        await delay(100);
      }
    });
    await expect.poll(async () => (await polls()).length).toBeGreaterThanOrEqual(3);
    over.abort();
    await Promise.all(tabs);
    expect(Math.min(...(await gaps()))).toBeGreaterThanOrEqual(590);
    expect((await polls()).map(({ error }) => error)).not.toContain('slow_down');
  });

  it('DEV-03: slow_down makes the next poll five seconds later', async () => {
    await stack.azure.set({ faults: { token: [{ grant: 'device_code', error: 'slow_down' }] } });
    const { attempt } = await beginDevice(stack);
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    const gapAfterIt = async () =>
      (await gaps())[(await polls()).findIndex(({ error }) => error === 'slow_down')];
    await expect.poll(gapAfterIt, { timeout: 20_000 }).toBeGreaterThanOrEqual(5_000);
  });

  it('DEV-04: a refusal ends it in its own way, and Entra is not asked again', async () => {
    const refusals = [
      { person: 'adele', error: 'authorization_declined', end: 'declined', code: 'sign_in_cancelled' },
      { person: 'audrey', error: 'access_denied', end: 'declined', code: 'sign_in_cancelled' },
      { person: 'uma', error: 'expired_token', end: 'expired', code: 'sign_in_expired' },
      { person: 'ulrich', error: 'bad_verification_code', end: 'failed', code: 'sign_in_failed' },
      { person: 'viktor', error: 'interaction_required', end: 'failed', code: 'sign_in_declined' },
      { person: 'grace', error: 'invalid_client', end: 'failed', code: 'sign_in_unavailable' },
    ] as const;
    const faults = refusals.map(({ person, error }) => ({
      person,
      error,
      grant: 'device_code',
      times: null,
    }));
    await stack.azure.set({ faults: { token: faults } });
    const begun = await Promise.all(
      refusals.map(async ({ person, end }) => {
        const { visitor, attempt } = await beginDevice(stack);
        await stack.azure.answerDeviceCode(attempt.userCode, person);
        await untilStatus(visitor, attempt, end);
        return { visitor, attempt };
      }),
    );
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
    for (const [index, { visitor, attempt }] of begun.entries()) {
      const { end, code } = refusals[index]!;
      expect(await statusOf(visitor, attempt)).toEqual({ status: end, code });
      expect((await complete(visitor, attempt)).body.code).toBe(code);
      expect(visitor.sessionCookie).toBeUndefined();
    }
  });

  it('DEV-04: declined at Entra’s page is declined here', async () => {
    const { visitor, attempt } = await beginDevice(stack);
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma', 'decline');
    await untilStatus(visitor, attempt, 'declined');
  });

  it('F6: an Entra that is away only delays it', async () => {
    const { visitor, attempt } = await beginDevice(stack);
    await stack.azure.set({ down: ['token'] });
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await delay(1_000);
    expect(await statusOf(visitor, attempt)).toEqual({ status: 'pending' });
    await stack.azure.set({ down: [] });
    await untilStatus(visitor, attempt, 'approved');
    expect((await complete(visitor, attempt)).status).toBe(200);
  });

  it('DEV-06: expired, it is of no use to approve it', async () => {
    await stack.azure.set({ device: { interval: 0.3, expiresIn: 1 } });
    const { visitor, attempt } = await beginDevice(stack);
    await delay(1_100);
    expect(await statusOf(visitor, attempt)).toEqual({ status: 'expired', code: 'sign_in_expired' });
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma').catch(() => undefined);
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('cancelled, it is gone and Entra is not asked again', async () => {
    const { visitor, attempt } = await beginDevice(stack);
    expect((await visitor.delete(attemptPath(attempt))).status).toBe(204);
    expect((await visitor.get(attemptPath(attempt))).status).toBe(404);
    await delay(400);
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
  });

  it('goes on after the process that polled is killed', async () => {
    const { visitor, attempt } = await beginDevice(stack);
    await stack.restartApi('SIGKILL');
    await database.query(
      `UPDATE sign_in_attempts SET lease_until = now() - interval '1 second' WHERE status = 'pending'`,
    );
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await expect
      .poll(() => statusOf(visitor, attempt), { timeout: 40_000 })
      .toMatchObject({ status: 'approved' });
    expect((await complete(visitor, attempt)).status).toBe(200);
  });
});
