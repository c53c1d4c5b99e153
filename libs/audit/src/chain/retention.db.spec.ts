import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit, type OpenAudit, uma } from '../../test/audit-kit.ts';
import { ChainSealer } from './chain-sealer.ts';

const day = 86_400;

describe('retention of the audit log', () => {
  let log: OpenAudit;
  /** Ten entries, four of them older than a year, one of these behind a younger one. */
  beforeAll(async () => {
    log = await openAudit();
    const daysAgo = (days: number) =>
      log.clock.advanceSeconds((Date.now() - log.clock.now().getTime()) / 1000 - days * day);
    for (const days of [800, 700, 400, 100, 366, 90, 30, 20, 10, 1]) {
      daysAgo(days);
      await log.record({ actor: { ...uma, displayName: `${days} days` } });
    }
    daysAgo(0);
    await log.sealer.sealNow();
  });
  afterAll(() => log.close());
  const sequences = async () =>
    (await log.entries.list({ limit: 100 })).items.map(({ sequence }) => sequence);
  const ranges = () =>
    log.database.rows<Record<string, unknown>>('SELECT * FROM audit_dropped_ranges ORDER BY 1');

  it('keeps everything while nothing is old enough', async () => {
    await log.database.rows('UPDATE audit_policy SET retention_days = 3650');
    expect(await log.retention.drop()).toBe(0);
    expect(await sequences()).toHaveLength(10);
  });

  it('drops what is older, up to the first entry that is not, and says so', async () => {
    await log.database.rows('UPDATE audit_policy SET retention_days = 365');
    const [third] = await log.database.rows<{ hash: Buffer }>(
      'SELECT hash FROM audit_chain WHERE sequence = 3',
    );
    expect(await log.retention.drop()).toBe(3);
    // The fifth is old enough as well, and is kept until its turn comes.
    expect(await sequences()).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
    const [range] = await ranges();
    expect(range).toMatchObject({
      first_sequence: '1',
      last_sequence: '3',
      entries: '3',
      why: 'older than 365 days',
    });
    expect(range?.last_hash).toEqual(third?.hash);
    const [told] = (await log.entries.list({ limit: 1, action: 'audit.entries_dropped' })).items;
    expect(told?.details).toMatchObject({
      firstSequence: 1,
      lastSequence: 3,
      entries: 3,
      hash: Buffer.from(range?.hash as Buffer).toString('hex'),
    });
    expect(await log.database.rows('SELECT FROM audit_entries')).toHaveLength(8);
  });

  it('leaves a chain that verifies and goes on', async () => {
    await log.recordMany(2);
    expect(await log.verification.verify()).toEqual({ valid: true, checked: 10, firstBrokenSequence: null });
  });

  it('does it again, after the range before', async () => {
    await log.database.rows('UPDATE audit_policy SET retention_days = 60');
    expect(await log.retention.drop()).toBe(3);
    expect(await ranges()).toMatchObject([
      { last_sequence: '3' },
      { first_sequence: '4', last_sequence: '6' },
    ]);
    expect(await log.verification.verify()).toMatchObject({ valid: true });
  });

  it('accepts a head at the end of a range, and cannot judge one within it', async () => {
    const [range] = await log.database.rows<{ hash: string }>(
      `SELECT encode(last_hash, 'hex') AS hash FROM audit_dropped_ranges WHERE last_sequence = 6`,
    );
    const hash = range?.hash ?? '';
    expect(await log.verification.verify([{ sequence: 6, hash }])).toMatchObject({ valid: true });
    expect(await log.verification.verify([{ sequence: 5, hash }])).toMatchObject({ valid: true });
    expect(await log.verification.verify([{ sequence: 6, hash: 'ab'.repeat(32) }])).toMatchObject({
      firstBrokenSequence: 6,
    });
  });

  it.each<[string, number, string, string]>([
    [
      'another reason',
      4,
      `UPDATE audit_dropped_ranges SET why = 'x' WHERE first_sequence = 4`,
      `UPDATE audit_dropped_ranges SET why = 'older than 60 days' WHERE first_sequence = 4`,
    ],
    [
      'a range that is gone',
      1,
      'CREATE TABLE kept AS TABLE audit_dropped_ranges; DELETE FROM audit_dropped_ranges WHERE first_sequence = 1',
      `INSERT INTO audit_dropped_ranges SELECT * FROM kept WHERE first_sequence = 1`,
    ],
    [
      'all ranges gone',
      1,
      'DELETE FROM audit_dropped_ranges',
      'INSERT INTO audit_dropped_ranges SELECT * FROM kept',
    ],
    [
      'more dropped than the range says',
      7,
      `CREATE TABLE link AS SELECT * FROM audit_chain WHERE sequence = 7; DELETE FROM audit_chain WHERE sequence = 7`,
      'INSERT INTO audit_chain SELECT * FROM link',
    ],
  ])('LOG-03: %s is found', async (_what, sequence, tamper, mend) => {
    await log.asOwner(tamper);
    expect(await log.verification.verify()).toMatchObject({ valid: false, firstBrokenSequence: sequence });
    await log.asOwner(mend);
    expect(await log.verification.verify()).toMatchObject({ valid: true });
  });

  it('goes on where everything was dropped', async () => {
    await log.database.rows('UPDATE audit_policy SET retention_days = 1');
    const last = (await sequences())[0] ?? 0;
    await log.asOwner(`UPDATE audit_chain SET occurred_at = '2020-01-01'`);
    await log.database.rows('SELECT drop_expired_audit_entries(1000)');
    expect(await log.database.rows('SELECT FROM audit_chain')).toEqual([]);
    const sealer = new ChainSealer(log.database, log.audit);
    await log.record();
    await sealer.sealNow();
    expect(sealer.head?.sequence).toBe(last + 1);
    expect(await log.verification.verify()).toMatchObject({ valid: true, checked: 1 });
  });
});
