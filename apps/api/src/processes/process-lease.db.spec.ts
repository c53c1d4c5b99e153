import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Redis } from '#platform';
import { openTestDatabase } from '../../../../test/support/database.ts';
import { ProcessLease } from './process-lease.ts';

Logger.overrideLogger(false);

describe('ProcessLease', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>;
  let leases: ProcessLease[] = [];
  beforeAll(async () => void (opened = await openTestDatabase([])));
  afterAll(() => opened.close());
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.release()));
    leases = [];
    await opened.database.rows('DELETE FROM leases');
  });
  const started = (redis: Redis | null = null) => {
    const lease = new ProcessLease(opened.database, redis);
    leases.push(lease);
    return lease;
  };
  const redis = {} as Redis;
  /** As a killed process leaves it. */
  const stopRenewing = (lease: ProcessLease) =>
    clearInterval((lease as unknown as { renewing: NodeJS.Timeout }).renewing);

  it('lets one process without Redis work, and refuses another for as long as that one lives', async () => {
    await started().take();
    await expect(started().take()).rejects.toThrow('REDIS_URL is not set');
    await expect(started(redis).take()).rejects.toThrow('without REDIS_URL');
  });

  it('lets any number with Redis work, and none without beside them', async () => {
    await started(redis).take();
    await started(redis).take();
    await expect(started().take()).rejects.toThrow('REDIS_URL is not set');
  });

  it('goes to the next one at once when it is given back', async () => {
    const first = started();
    await first.take();
    await first.release();
    await started().take();
    const [row] = await opened.database.rows<{ count: string }>('SELECT count(*) FROM leases');
    expect(Number(row?.count)).toBe(1);
  });

  it('is not taken again by a renewal that was under way when it was given back', async () => {
    const lease = started();
    await lease.take();
    const { database } = opened;
    const rows = database.rows.bind(database);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const renewal = vi.spyOn(database, 'rows').mockImplementationOnce(async (...statement) => {
      await held;
      return rows(...statement);
    });
    await expect.poll(() => renewal.mock.calls.length).toBe(1);
    const released = lease.release();
    goOn();
    await released;
    expect(await rows('SELECT name FROM leases')).toEqual([]);
  });

  it('F16: goes to the next one some seconds after its holder was killed', async () => {
    const killed = started();
    await killed.take();
    stopRenewing(killed);
    await started().take();
  });

  it('ends the process that finds another in its place', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    try {
      await started().take();
      await opened.database.rows(
        `UPDATE leases SET holder = gen_random_uuid(), until = now() + interval '1 hour'`,
      );
      await vi.waitFor(() => expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM'), 10_000);
    } finally {
      kill.mockRestore();
    }
  });
});
