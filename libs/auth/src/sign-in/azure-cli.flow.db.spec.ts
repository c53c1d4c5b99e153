import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceAttempt, ErrorCode } from '#contracts';
import { FakeClock } from '#platform/testing';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import {
  fakeAz,
  readCliConfig,
  temporaryFolder,
  token as tokenScript,
} from '../../../../test/support/fake-az.ts';
import { AzureCli } from '../azure-cli/azure-cli.ts';
import { CliFolders } from '../azure-cli/cli-folders.ts';
import type { AzureCliIdentity, AzureCliProof } from './azure-cli-identity.ts';
import { AzureCliCleanUp } from './azure-cli-clean-up.ts';
import { AzureCliFlow } from './azure-cli.flow.ts';
import type { DeviceCodeFlow } from './device-code.flow.ts';
import { DeviceSignIns } from './device-sign-ins.ts';

describe('sign-in with the Azure CLI', () => {
  let auth: OpenAuth;
  let clock: FakeClock;
  const kits: { stop(): Promise<void>; folder: string }[] = [];
  beforeAll(async () => {
    auth = await openAuth();
    ({ clock } = auth);
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    // Folders have the time of the system.
    clock.advanceSeconds((Date.now() - clock.now().getTime()) / 1000);
    await auth.database.rows('DELETE FROM sign_in_attempts');
    await auth.database.rows('DELETE FROM users');
  });
  afterEach(async () => {
    for (const { stop, folder } of kits.splice(0)) {
      await stop();
      rmSync(folder, { recursive: true });
    }
  });

  /** A process of the API with this Azure CLI. Graph knows Uma only. */
  async function kit(commands: Parameters<typeof fakeAz>[0] = {}) {
    const fake = fakeAz(commands, { folder: temporaryFolder(), onFinished: () => undefined });
    const { config, faults } = await readCliConfig(fake);
    expect(faults).toEqual([]);
    const [cli, folders] = [new AzureCli(config), new CliFolders(config)];
    // AzureCliCredential starts a process for each token: one test tries it, the others need none.
    if (!commands.token)
      cli.token = async (_folder, scope) => ({ accessToken: scope, expiresAt: clock.now() });
    const proofs: AzureCliProof[] = [];
    const identity = {
      verify: async (proof: AzureCliProof) => {
        proofs.push(proof);
        const { openAiToken: token } = proof;
        const credentials = { client: 'azure_cli', cache: '', token } as const;
        return identityOf(personFromEntra(), auth, { method: 'azure_cli', credentials });
      },
    } as unknown as AzureCliIdentity;
    const flow = new AzureCliFlow(config, auth.attempts, cli, folders, identity, auth.signIn, clock);
    const other = { kind: 'device_code' } as DeviceCodeFlow;
    const signIns = new DeviceSignIns(config, other, flow, auth.attempts, auth.signIn, clock);
    const cleanUp = new AzureCliCleanUp(auth.database, clock, auth.bus, folders, auth.attempts);
    const stop = async () => {
      cleanUp.onModuleDestroy();
      flow.onModuleDestroy();
      cli.onModuleDestroy();
      await flow.beforeApplicationShutdown();
    };
    kits.push({ stop, folder: fake.folder });
    const pending = () => readdirSync(join(fake.baseDir, 'pending'));
    const users = () => readdirSync(join(fake.baseDir, 'users'));
    const begin = (browser = 'browser') => signIns.begin('azure_cli', browser, false);
    const status = (attempt: DeviceAttempt, browser = 'browser') =>
      signIns.status(browser, attempt.attemptId);
    const complete = (attempt: DeviceAttempt, browser = 'browser') =>
      signIns.complete(browser, attempt.attemptId, null);
    const until = (attempt: DeviceAttempt, wanted: string) =>
      expect.poll(() => status(attempt), { timeout: 20_000 }).toMatchObject({ status: wanted });
    async function approved() {
      const attempt = await begin();
      writeFileSync(join(folders.pending(attempt.attemptId), 'approved'), '');
      await until(attempt, 'approved');
      return attempt;
    }
    return {
      fake,
      cli,
      folders,
      flow,
      signIns,
      cleanUp,
      proofs,
      stop,
      pending,
      users,
      begin,
      status,
      complete,
      until,
      approved,
    };
  }

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
    clock.advanceSeconds(301);
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
  ] as const)('does not begin when az %s; nothing is left of it', async (_what, script, code) => {
    const { begin, cli, pending } = await kit({ login: script });
    cli.limits.messageMs = 500;
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
    ['run out', async () => clock.advanceSeconds(15 * 60)],
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
    clock.advanceSeconds(31);
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

  describe('what nobody needs any more', () => {
    it('goes at start and every minute; what is under way or younger than that stays', async () => {
      const { begin, cleanUp, folders, pending } = await kit();
      const { attemptId } = await begin();
      mkdirSync(folders.pending('wiped-someone'));
      await cleanUp.onApplicationBootstrap();
      expect(pending().toSorted()).toEqual([attemptId, 'wiped-someone'].toSorted());
      clock.advanceSeconds(600);
      await cleanUp.onApplicationBootstrap();
      expect(pending()).toEqual([attemptId]);
    });

    it('TOK-05: the folder of somebody disabled or deleted goes at once, signing out keeps it', async () => {
      const { approved, complete, cleanUp, users, folders } = await kit();
      cleanUp.onModuleInit();
      const { session } = await complete(await approved());
      await auth.endings.end(session.userId, session.id, { why: 'signed_out', by: session.userId });
      expect([users(), await auth.count('token_caches')]).toEqual([[session.userId], 0]);
      await auth.personChanges.update(session.userId, { displayName: 'Uma P.' }, session.userId);
      expect(users()).toEqual([session.userId]);
      await auth.personChanges.update(session.userId, { isActive: false }, session.userId);
      await expect.poll(users).toEqual([]);
      await folders.create('left');
      await folders.adopt('left', session.userId);
      await auth.personChanges.remove(session.userId, session.userId);
      await expect.poll(users).toEqual([]);
    });

    it('goes also when nobody was told of the change', async () => {
      const { approved, complete, cleanUp, users } = await kit();
      await complete(await approved());
      clock.advanceSeconds(600);
      await cleanUp.cleanUp();
      expect(users()).toHaveLength(1);
      await auth.database.rows('DELETE FROM users');
      await cleanUp.cleanUp();
      expect(users()).toEqual([]);
    });

    it('a move cut off by a crash is put right at start', async () => {
      const { approved, complete, cleanUp, folders } = await kit();
      const { session } = await complete(await approved());
      const own = folders.ofUser(session.userId);
      renameSync(own, `${own}.replaced`);
      await cleanUp.onApplicationBootstrap();
      expect(existsSync(own)).toBe(true);
    });
  });
});
