import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SealedEntry } from '../reading/entry-row.ts';
import { openAudit, type OpenAudit } from '../../test/audit-kit.ts';

describe('the export of the audit log', () => {
  let log: OpenAudit;
  beforeAll(async () => {
    log = await openAudit();
    await log.database.rows(
      `INSERT INTO audit_entries (occurred_at, action, outcome, details)
       SELECT '2026-03-02'::timestamptz, CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, 'success',
         jsonb_build_object('n', n) FROM generate_series(1, 2500) n`,
    );
  });
  afterAll(() => log.close());
  const parse = (lines: string) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SealedEntry);

  it('LOG-01: is complete, oldest first, with the hash of each link, and has its own entry', async () => {
    const { stream, type, fileName } = await log.exports.open({ format: 'jsonl' });
    const entries = parse(await text(stream));
    expect(entries.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 2501 }, (_, index) => index + 1),
    );
    expect(entries.at(-1)).toMatchObject({
      action: 'audit.exported',
      details: { format: 'jsonl', filter: {} },
    });
    expect(entries.at(-1)?.hash).toBe(log.sealer.head?.hash);
    expect([type, fileName]).toEqual(['application/jsonl; charset=utf-8', 'audit-log-to-2501.jsonl']);
  });

  it('is what a filter leaves', async () => {
    const { stream } = await log.exports.open({ format: 'jsonl', action: 'even' });
    expect(parse(await text(stream)).map(({ details }) => details.n)).toEqual(
      Array.from({ length: 1250 }, (_, index) => 2 * (index + 1)),
    );
  });

  it('ends where the log ended when it began, whatever is written meanwhile', async () => {
    const { stream } = await log.exports.open({ format: 'csv' });
    const upTo = log.sealer.head?.sequence ?? 0;
    let csv = '';
    for await (const chunk of stream) {
      csv += String(chunk);
      await log.recordMany(3);
    }
    const rows = csv.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => Number(/^"(\d+)"/.exec(row)?.[1]))).toEqual(
      Array.from({ length: upTo }, (_, index) => index + 1),
    );
    expect(log.sealer.head?.sequence).toBeGreaterThan(upTo);
  });

  it('reads no further than somebody takes it', async () => {
    const { stream } = await log.exports.open({ format: 'jsonl' });
    const reads: unknown[] = [];
    const after = log.entries.after.bind(log.entries);
    log.entries.after = (...request) => {
      reads.push(request);
      return after(...request);
    };
    stream.once('readable', () => undefined);
    await expect.poll(() => stream.readableLength).toBeGreaterThan(0);
    expect(reads).toHaveLength(1);
    stream.destroy();
    log.entries.after = after;
  });

  it('LOG-04: does not begin where it cannot be recorded', async () => {
    await log.database.rows(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
       CREATE TRIGGER fault BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    await expect(log.exports.open({ format: 'csv' })).rejects.toThrow('full');
    await log.database.rows('DROP TRIGGER fault ON audit_entries');
  });
});
