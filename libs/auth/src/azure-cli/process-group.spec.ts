import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { fakeAz } from '../../../../test/support/fake-az.ts';
import { startGroup } from './process-group.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

const env = { PATH: '/usr/bin:/bin' };
const run = (script: string, timeoutMs = 20_000) => startGroup(['sh', '-c', script], { env, timeoutMs });
/** A process that has ended and waits for the system to be counted is not. */
const isAlive = async (pid: number): Promise<boolean> =>
  /^\d+ \(.*\) [^Z]/.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));

it('tells status and words', async () => {
  const { ended } = run('echo out; echo err >&2; exit 7');
  expect(await ended).toEqual({ status: 7, stdout: 'out\n', stderr: 'err\n', timedOut: false });
});

it('gives it nothing to read, a umask of 077 and the root as working directory', async () => {
  expect((await run('cat; umask; pwd').ended).stdout).toBe('0077\n/\n');
});

/** A script that starts another, as some installations of `az` do; it says the other's number. */
const nested = 'sleep 600 & echo $! >&2; wait';

it.each([
  ['killed', (group: ReturnType<typeof startGroup>) => group.kill()],
  ['out of time', () => void vi.advanceTimersByTime(20_000)],
])('%s, it takes along what it has started', async (how, act) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const heard = vi.fn<(text: string) => void>();
  const group = startGroup(['sh', '-c', nested], { env, timeoutMs: 20_000, onStderr: heard });
  await expect.poll(() => heard.mock.lastCall?.[0], { timeout: 10_000 }).toMatch(/^\d+\n$/);
  const inner = Number(heard.mock.lastCall?.[0]);
  expect(await isAlive(inner)).toBe(true);
  act(group);
  expect(await group.ended).toMatchObject({ status: null, timedOut: how === 'out of time' });
  await expect.poll(() => isAlive(inner), { timeout: 10_000 }).toBe(false);
});

it('ends what floods us', async () => {
  const { stdout, status } = await run('yes').ended;
  expect(status).toBeNull();
  expect(stdout.length).toBeLessThan(8 * 1024 * 1024);
});

it('killing what has ended does nothing', async () => {
  const group = run('exit 0');
  await group.ended;
  expect(() => group.kill()).not.toThrow();
});

it('an executable that is not there is an outcome like any other', async () => {
  const { folder } = fakeAz();
  const { status, stderr } = await startGroup([join(folder, 'nothing')], { env, timeoutMs: 20_000 }).ended;
  expect(status).toBe(127);
  expect(stderr).toContain('not found');
});
