import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts';
import { type OpenAuth, openAuth } from '../../../../test/support/auth-kit.ts';
import { azureCliKit, startOver } from '../../../../test/support/azure-cli-kit.ts';
import { type fakeAz, token as tokenScript } from '../../../../test/support/fake-az.ts';

describe('sign-in with the Azure CLI', () => {
  let auth: OpenAuth;
  beforeAll(async () => {
    auth = await openAuth();
  });
  afterAll(() => auth.close());
  beforeEach(() => startOver(auth));

  const kit = (commands: Parameters<typeof fakeAz>[0] = {}) => azureCliKit(auth, commands);
  const refusal = (code: ErrorCode) => ({ name: 'AppError', code });
  const failures = async () =>
    (await auth.entries()).filter(({ action }) => action === 'sign_in.failed').map(({ details }) => details);
  const userId = async () => (await auth.database.rows<{ id: string }>('SELECT id FROM users'))[0]!.id;

  it('ends in a session, the person’s folder and a sealed token', async () => {
    const { approved, complete, users, pending, proofs } = await kit({ token: tokenScript });
    const { session } = await complete(await approved());
    expect(session.method).toBe('azure_cli');
    expect(proofs).toMatchObject([{ graphToken: 'token-for-https://graph.microsoft.com' }]);
    expect([users(), pending()]).toEqual([[session.userId], []]);
    const rows = await auth.database.rows('SELECT client, failure_class FROM token_caches');
    expect(rows).toEqual([{ client: 'azure_cli', failure_class: null }]);
  });

  it('DEV-01: is there for the browser that began it, and no other', async () => {
    const { approved, complete, status, signIns } = await kit();
    const attempt = await approved();
    for (const browser of ['another', null]) {
      await expect(signIns.status(browser, attempt.attemptId)).rejects.toMatchObject(refusal('not_found'));
      await expect(signIns.complete(browser, attempt.attemptId, null)).rejects.toMatchObject(
        refusal('not_found'),
      );
      await expect(signIns.cancel(browser, attempt.attemptId)).rejects.toMatchObject(refusal('not_found'));
    }
    expect(await status(attempt)).toEqual({ status: 'approved' });
    await complete(attempt);
  });

  it('DEV-05: of five that complete it at once one gets a session', async () => {
    const { approved, complete } = await kit();
    const attempt = await approved();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => complete(attempt)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await auth.count('sessions')).toBe(1);
  });

  it('DEV-06: approved and then left alone, it runs out, and its folder goes', async () => {
    const { approved, complete, pending, cleanUp } = await kit();
    const attempt = await approved();
    await cleanUp.cleanUp();
    expect(pending()).toEqual([attempt.attemptId]);
    auth.clock.advanceSeconds(301);
    await expect(complete(attempt)).rejects.toMatchObject(refusal('sign_in_expired'));
    await cleanUp.cleanUp();
    expect(pending()).toEqual([]);
  });

  it('DEV-10: where it is not offered, it is not there', async () => {
    const { signIns } = await kit();
    expect(() => signIns.begin('device_code', 'browser', false)).toThrow('Not found');
  });

  it('without a role nobody gets in, and the folder goes', async () => {
    const { approved, complete, users, pending } = await kit();
    await complete(await approved());
    await auth.database.rows(`UPDATE users SET is_active = false`);
    await expect(complete(await approved())).rejects.toMatchObject(refusal('account_disabled'));
    expect(pending()).toEqual([]);
    expect(users()).toEqual([await userId()]);
  });

  it('when the folder cannot become the person’s, nobody has signed in, and nothing is lost', async () => {
    const { approved, complete, folders } = await kit();
    await complete(await approved());
    const own = folders.ofUser(await userId());
    writeFileSync(join(own, 'mark'), 'first');
    const before = await auth.entries();
    const attempt = await approved();
    rmSync(folders.pending(attempt.attemptId), { recursive: true });
    await expect(complete(attempt)).rejects.toMatchObject(refusal('service_unavailable'));
    expect(await auth.count('sessions')).toBe(1);
    expect(readFileSync(join(own, 'mark'), 'utf8')).toBe('first');
    expect((await auth.entries()).slice(before.length).map(({ action }) => action)).toEqual([
      'sign_in.failed',
    ]);
  });

  it.each([
    ['has no room', `echo 'OSError: [Errno 28] No space left on device' >&2; exit 1`, 'service_unavailable'],
    ['hangs', 'sleep 600', 'sign_in_unavailable'],
    ['talks garbage', 'echo garbage >&2; exit 3', 'sign_in_unavailable'],
    ['has no network', `echo 'ERROR: ConnectionError' >&2; exit 1`, 'sign_in_unavailable'],
  ] as const)('does not begin when az %s; nothing is left of it', async (what, script, code) => {
    const { begin, cli, pending } = await kit({ login: script });
    if (what === 'hangs') cli.limits.messageMs = 500;
    await expect(begin()).rejects.toMatchObject(refusal(code));
    expect([pending(), await auth.count('sign_in_attempts')]).toEqual([[], 0]);
  });

  it('does not begin where there is no place for its folder', async () => {
    const { begin, fake } = await kit();
    rmSync(fake.baseDir, { recursive: true });
    writeFileSync(fake.baseDir, 'in the way');
    await expect(begin()).rejects.toMatchObject(refusal('service_unavailable'));
  });

  it('DEV-04: declined, it says so, is recorded, and leaves no folder', async () => {
    const { begin, folders, until, pending } = await kit();
    const attempt = await begin();
    writeFileSync(join(folders.pending(attempt.attemptId), 'declined'), '');
    await until(attempt, 'declined');
    expect(await failures()).toContainEqual({ method: 'azure_cli', code: 'sign_in_cancelled' });
    expect(pending()).toEqual([]);
  });

  it('fails where az does not say who has signed in', async () => {
    const { begin, folders, until, status } = await kit({ user: 'echo garbage' });
    const attempt = await begin();
    writeFileSync(join(folders.pending(attempt.attemptId), 'approved'), '');
    await until(attempt, 'failed');
    expect(await status(attempt)).toEqual({ status: 'failed', code: 'sign_in_failed' });
  });

  it('lets in whose token for Azure OpenAI does not come, and remembers why', async () => {
    const refused = `case "$6" in *cognitive*) echo 'AADSTS50076: az login --scope x' >&2; exit 1;; esac; echo '{"accessToken": "x", "expires_on": 1}'`;
    const { approved, complete } = await kit({ token: refused });
    await complete(await approved());
    expect(await auth.database.rows('SELECT failure_class FROM token_caches')).toEqual([
      { failure_class: 'interaction' },
    ]);
  });

  it('cancelled, its process and its folder are gone, and nothing has failed', async () => {
    const { begin, signIns, pending, flow, status } = await kit();
    const before = await failures();
    const attempt = await begin();
    await signIns.cancel('browser', attempt.attemptId);
    expect(pending()).toEqual([]);
    // Waits for all that is at work.
    await flow.beforeApplicationShutdown();
    await expect(status(attempt)).rejects.toMatchObject(refusal('not_found'));
    expect(await failures()).toEqual(before);
  });

  it.each([
    ['cancelled in another process', (id: string) => auth.attempts.discard(id)],
    ['run out', async () => auth.clock.advanceSeconds(15 * 60)],
  ])('%s, its process ends at the next look', async (_how, act) => {
    const { begin, flow, pending } = await kit();
    const { attemptId } = await begin();
    await flow.watch();
    expect(pending()).toEqual([attemptId]);
    await act(attemptId);
    await flow.watch();
    expect(pending()).toEqual([]);
  });

  it('when the process that waited has died, another says so', async () => {
    const [first, second] = [await kit(), await kit()];
    const attempt = await first.begin();
    await first.flow.watch();
    await second.flow.endOrphans();
    expect(await second.status(attempt)).toEqual({ status: 'pending' });
    auth.clock.advanceSeconds(31);
    await second.flow.endOrphans();
    expect(await second.status(attempt)).toEqual({ status: 'failed', code: 'sign_in_interrupted' });
  });

  it('shut down in order, it says so too', async () => {
    const { begin, stop, status, pending } = await kit();
    const attempt = await begin();
    await stop();
    expect(await status(attempt)).toEqual({ status: 'failed', code: 'sign_in_interrupted' });
    expect(pending()).toEqual([]);
  });

  it('DEV-08: ten wait at once; the next is told to come back', async () => {
    const { begin } = await kit();
    await Promise.all(Array.from({ length: 10 }, (_, index) => begin(`browser-${index}`)));
    await expect(begin('eleventh')).rejects.toMatchObject(refusal('rate_limited'));
  });
});
