import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../../test/support/database.ts';
import { openAudit, type OpenAudit } from '../../test/audit-kit.ts';
import { AuditLog } from '../audit-log.ts';
import { formatHead, parseHead } from './chain-head.ts';
import { ChainSealer } from './chain-sealer.ts';

describe('the chain over the audit log', () => {
  let log: OpenAudit;
  beforeAll(async () => {
    log = await openAudit();
    await log.recordMany(10);
  });
  afterAll(() => log.close());

  const links = () =>
    log.database.rows<{ sequence: string; entry: string; hash: string }>(
      `SELECT sequence, entry, encode(hash, 'hex') AS hash FROM audit_chain ORDER BY sequence`,
    );
  const entryOf = (sequence: number) => `(SELECT entry FROM audit_chain WHERE sequence = ${sequence})`;
  const changed = (sequence: number, change: string) =>
    `UPDATE audit_entries SET ${change} WHERE sequence = ${entryOf(sequence)}`;

  it('numbers entries without gaps, and verifies', async () => {
    expect((await links()).map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await log.verification.verify()).toEqual({ valid: true, checked: 10, firstBrokenSequence: null });
    expect(log.sealer.head).toEqual({ sequence: 10, hash: (await links()).at(-1)?.hash });
  });

  it('is not touched by an act that rolls back', async () => {
    const failing = log.database.transaction(async () => {
      await log.record();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await log.record();
    await log.sealer.sealNow();
    expect((await links()).at(-1)).toMatchObject({ sequence: '11' });
    expect(await log.verification.verify()).toMatchObject({ valid: true, checked: 11 });
  });

  // PGlite is one session: there is no other transaction while one is open.
  it.skipIf(!onPostgres)('takes an entry that commits late, whatever its number', async () => {
    const late = await log.dataSource.createQueryRunner();
    await late.startTransaction();
    await late.query(
      `INSERT INTO audit_entries (occurred_at, action, outcome) VALUES (now(), 'late', 'success')`,
    );
    await log.recordMany(2);
    await late.commitTransaction();
    await late.release();
    await log.sealer.sealNow();
    const [last] = await log.database.rows(
      'SELECT action, sequence FROM audit_chain ORDER BY sequence DESC LIMIT 1',
    );
    expect(last).toEqual({ action: 'late', sequence: '14' });
    expect(await log.verification.verify()).toMatchObject({ valid: true, checked: 14 });
  });

  it.skipIf(!onPostgres)(
    'is written by one at a time, also when an entry comes while nothing was to do',
    async () => {
      const [first, other] = [log.dataSource.createQueryRunner(), log.dataSource.createQueryRunner()];
      const seal = 'SELECT sealed FROM seal_audit_entries(1000)';
      await other.startTransaction();
      // Holds up the first between its look into the queue and its links.
      await other.query('LOCK TABLE audit_chain IN ACCESS EXCLUSIVE MODE');
      const sealing = first.query(seal);
      const waiting = `SELECT FROM pg_locks WHERE relation = 'audit_chain'::regclass AND NOT granted`;
      await expect.poll(async () => (await log.database.rows(waiting)).length).toBe(1);
      await new AuditLog(log.database, log.clock).record({ action: 'signed_out' });
      await other.commitTransaction();
      // It holds no lock, so the entry is not its own to take.
      expect(await sealing).toEqual([{ sealed: 0 }]);
      expect(await other.query(seal)).toEqual([{ sealed: 1 }]);
      await Promise.all([first.release(), other.release()]);
      expect(await log.verification.verify()).toMatchObject({ valid: true, checked: 15 });
    },
  );

  it('is written by several processes at once without a gap', async () => {
    const others = Array.from({ length: 3 }, () => new ChainSealer(log.database, log.audit));
    const before = (await links()).length;
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await log.record();
        await others[index % 3]?.sealNow();
      }),
    );
    const sequences = (await links()).map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual(Array.from({ length: before + 40 }, (_, index) => index + 1));
    expect(await log.verification.verify()).toMatchObject({ valid: true, checked: before + 40 });
  });

  describe('LOG-03: the database refuses to', () => {
    it.each([
      `UPDATE audit_chain SET action = 'x'`,
      'DELETE FROM audit_chain',
      'DELETE FROM audit_chain WHERE sequence = (SELECT max(sequence) FROM audit_chain)',
      'TRUNCATE audit_chain',
      'DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM audit_entries)',
      'DELETE FROM audit_dropped_ranges',
    ])('%s', async (sql) => {
      await expect(log.database.rows(sql)).rejects.toThrow('append-only');
    });
  });

  describe('LOG-03: what its owner does to it is found, and the first of it named:', () => {
    /** What was there before each of these. */
    const tables = ['audit_entries', 'audit_chain', 'audit_unsealed'];
    beforeAll(async () => {
      for (const table of tables) await log.database.rows(`CREATE TABLE kept_${table} AS TABLE ${table}`);
    });
    afterEach(async () => {
      const all = tables.map((table) => [
        `DELETE FROM ${table}`,
        `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_${table}`,
        'DELETE FROM audit_unsealed',
      ]);
      await log.asOwner(...all.flat());
    });

    const swapLinks = (one: number, other: number) =>
      `UPDATE audit_chain a SET entry = -b.entry FROM audit_chain b
       WHERE (a.sequence, b.sequence) IN ((${one}, ${other}), (${other}, ${one}));
       UPDATE audit_chain SET entry = -entry WHERE entry < 0`;

    it.each<[string, number, string]>([
      ['an altered action', 4, changed(4, `action = 'nothing'`)],
      ['an altered detail', 4, changed(4, `details = '{"index": 5}'`)],
      ['a number written otherwise', 4, changed(4, `details = '{"index": 4.0}'`)],
      ['an altered time', 4, changed(4, `occurred_at = occurred_at + interval '1 microsecond'`)],
      ['an actor who is none any more', 4, changed(4, 'actor_id = NULL')],
      ['an emptied text', 4, changed(4, `ip_address = ''`)],
      ['a session of somebody else', 4, changed(4, 'session_id = gen_random_uuid()')],
      ['two altered entries', 3, `${changed(8, `action = 'x'`)}; ${changed(3, `action = 'x'`)}`],
      ['a removed entry', 5, `DELETE FROM audit_entries WHERE sequence = ${entryOf(5)}`],
      ['the oldest entry removed', 1, `DELETE FROM audit_entries WHERE sequence = ${entryOf(1)}`],
      ['a removed link', 6, 'DELETE FROM audit_chain WHERE sequence = 6'],
      ['the oldest links removed', 1, 'DELETE FROM audit_chain WHERE sequence <= 3'],
      ['two entries in the place of one another', 3, swapLinks(3, 7)],
      ['two neighbours in the place of one another', 9, swapLinks(9, 10)],
      [
        'entries that have changed their contents',
        2,
        `UPDATE audit_entries a SET details = b.details FROM audit_entries b
         WHERE (a.sequence, b.sequence) IN ((${entryOf(2)}, ${entryOf(6)}), (${entryOf(6)}, ${entryOf(2)}))`,
      ],
      ['an entry hidden from a filter', 5, `UPDATE audit_chain SET action = 'x' WHERE sequence = 5`],
      ['an entry hidden from its person', 5, `UPDATE audit_chain SET actor_id = NULL WHERE sequence = 5`],
      [
        'an entry hidden from its time',
        5,
        `UPDATE audit_chain SET latest_at = latest_at + interval '1 day' WHERE sequence = 5`,
      ],
      ['a hash of its own', 5, `UPDATE audit_chain SET hash = sha256('x') WHERE sequence = 5`],
    ])('%s', async (_what, sequence, sql) => {
      await log.asOwner(sql);
      expect(await log.verification.verify()).toMatchObject({ valid: false, firstBrokenSequence: sequence });
    });

    it('entries put in past the chain, or taken out before it', async () => {
      const next = (await links()).length + 1;
      const insert = `INSERT INTO audit_entries (occurred_at, action, outcome) VALUES (now(), 'forged', 'success')`;
      await log.asOwner(insert);
      expect(await log.verification.verify()).toMatchObject({ valid: false, firstBrokenSequence: next });
      await log.asOwner(`DELETE FROM audit_entries WHERE action = 'forged'`);
      await log.database.rows(insert);
      expect(await log.verification.verify()).toMatchObject({ valid: true });
      await log.asOwner(`DELETE FROM audit_entries WHERE action = 'forged'`);
      expect(await log.verification.verify()).toMatchObject({ valid: false, firstBrokenSequence: next });
    });

    it('the newest entries cut off, against a head that was kept', async () => {
      const all = await links();
      const kept = { sequence: all.length, hash: all.at(-1)?.hash ?? '' };
      const cut = [
        `DELETE FROM audit_entries WHERE sequence IN (SELECT entry FROM audit_chain WHERE sequence > 8)`,
        `DELETE FROM audit_chain WHERE sequence > 8`,
      ];
      await log.asOwner(...cut);
      expect(await log.verification.verify()).toMatchObject({ valid: true });
      expect(await log.verification.verify([kept])).toMatchObject({ valid: false, firstBrokenSequence: 9 });
    });

    it('everything written anew, against a head that was kept', async () => {
      const kept = { sequence: 8, hash: (await links())[7]?.hash ?? '' };
      expect(await log.verification.verify([kept])).toMatchObject({ valid: true });
      await log.asOwner(
        changed(4, `action = 'nothing'`),
        'DELETE FROM audit_chain',
        'INSERT INTO audit_unsealed SELECT sequence FROM audit_entries',
      );
      await new ChainSealer(log.database, log.audit).sealNow();
      expect(await log.verification.verify()).toMatchObject({ valid: true });
      expect(await log.verification.verify([kept])).toMatchObject({ valid: false, firstBrokenSequence: 8 });
    });

    it.each([
      ['little by little', 1, 60],
      ['at once', 60, 1],
    ])(
      'a running process notices a cut by itself, also when the chain has grown past it %s',
      async (_how, each, runs) => {
        const audit = new AuditLog(log.database, log.clock);
        const sealer = new ChainSealer(log.database, audit);
        await sealer.sealNow();
        const { head } = sealer;
        await log.asOwner('DELETE FROM audit_chain WHERE sequence > 8', 'DELETE FROM audit_unsealed');
        for (let run = 0; run < runs; run += 1) {
          await log.database.transaction(async () => {
            for (let index = 0; index < each; index += 1) await audit.record({ action: 'signed_out' });
          });
          await sealer.sealNow();
        }
        expect(sealer.head).toEqual(head);
        expect((await log.verification.verify(head ? [head] : [])).valid).toBe(false);
      },
    );
  });
});

describe('a head', () => {
  it.each([
    ['12:' + 'ab'.repeat(32), { sequence: 12, hash: 'ab'.repeat(32) }],
    ['12:' + 'AB'.repeat(32), { sequence: 12, hash: 'ab'.repeat(32) }],
    ['12', null],
    ['x:' + 'ab'.repeat(32), null],
    ['12:' + 'ab'.repeat(31), null],
    ['', null],
  ])('%s', (text, head) => {
    expect(parseHead(text)).toEqual(head);
    if (head) expect(formatHead(head)).toBe(text.toLowerCase());
  });
});
