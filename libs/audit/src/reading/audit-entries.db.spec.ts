import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRequest } from '#platform';
import type { AuditFilter } from '#contracts';
import { openAudit, type OpenAudit, uma } from '../../test/audit-kit.ts';

const ada = {
  id: '44444444-4444-4444-8444-444444444444',
  email: 'ada.lovelace@example.test',
  displayName: 'Ada Lovelace',
};

describe('reading the audit log', () => {
  let log: OpenAudit;
  /** Ten minutes, an entry each; then one whose time lies before those that were sealed already. */
  beforeAll(async () => {
    log = await openAudit();
    const at = async (minute: number, changes: Parameters<OpenAudit['record']>[0], agent = 'Firefox/1') => {
      const now = log.clock.now().getTime();
      log.clock.advanceSeconds((Date.parse(`2026-03-01T08:0${minute}:00Z`) - now) / 1000);
      const request = { requestId: `request-${minute}`, address: `192.0.2.${minute}`, userAgent: agent };
      await inRequest(request, () => log.record(changes));
      await log.sealer.sealNow();
    };
    await at(0, { action: 'sign_in.succeeded' });
    await at(1, { action: 'sign_in.failed', outcome: 'failure', details: { code: 'no_role' } });
    await at(2, { action: 'user.updated', actor: ada, resource: { type: 'user', id: uma.id } });
    await at(3, {
      action: 'session.ended',
      actor: ada,
      details: { why: 'ended_by_administrator', userId: uma.id },
    });
    await at(4, { action: 'user.updated', actor: ada, resource: { type: 'user', id: ada.id } });
    await at(5, { details: { note: 'Größe', nested: { words: ['Deep-Blue', 42] } } });
    await at(
      6,
      { action: 'access.denied', outcome: 'failure', actor: ada, details: { code: 'forbidden' } },
      'x\u001b[2J',
    );
    await at(9, {});
    await at(7, { action: 'user.created' });
  });
  afterAll(() => log.close());
  const found = async (filter: AuditFilter) =>
    (await log.entries.list({ limit: 50, ...filter })).items.map(({ sequence }) => sequence).toSorted();

  it('is newest first, each entry once, page by page', async () => {
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await log.entries.list({ limit: 4, cursor });
      pages.push(page.items.map(({ sequence }) => sequence));
      expect(page).toMatchObject({ total: 9, totalIsLowerBound: false });
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(pages).toEqual([[9, 8, 7, 6], [5, 4, 3, 2], [1]]);
  });

  it('LOG-01: shows who, what, when, from where, with what result', async () => {
    const [entry] = (await log.entries.list({ limit: 1, action: 'session.ended' })).items;
    expect(entry).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      sequence: 4,
      occurredAt: '2026-03-01T08:03:00.000Z',
      actor: ada,
      action: 'session.ended',
      resourceType: null,
      resourceId: null,
      outcome: 'success',
      details: { why: 'ended_by_administrator', userId: uma.id },
      ipAddress: '192.0.2.3',
      userAgent: 'Firefox/1',
      requestId: 'request-3',
    });
  });

  it('has at once what was recorded before', async () => {
    const fresh = await openAudit();
    await fresh.record();
    expect((await fresh.entries.list({ limit: 5 })).items).toHaveLength(1);
    await fresh.close();
  });

  it.each<[AuditFilter, number[]]>([
    [{ action: 'user.updated' }, [3, 5]],
    [{ action: 'user' }, []],
    [{ outcome: 'failure' }, [2, 7]],
    [{ outcome: 'failure', action: 'access.denied' }, [7]],
    [{ actor: ada.id }, [3, 4, 5, 7]],
    [{ actor: ada.id.toUpperCase() }, [3, 4, 5, 7]],
    [{ actor: 'love' }, [3, 4, 5, 7]],
    [{ actor: 'ADA lov' }, [3, 4, 5, 7]],
    [{ actor: 'ada.lovelace@' }, [3, 4, 5, 7]],
    [{ actor: 'ovelace' }, []],
    [{ actor: 'firefox' }, []],
    [{ actor: '.' }, []],
    [{ search: 'administrator' }, [4]],
    [{ search: 'ended_by adm' }, [4]],
    [{ search: 'GRÖSSE' }, []],
    [{ search: 'größ' }, [6]],
    [{ search: 'blue 42' }, [6]],
    [{ search: '192.0.2.6' }, [7]],
    [{ search: 'uma patel updated' }, []],
    [{ search: uma.id }, [3, 4]],
    [{ search: '2J' }, [7]],
    [{ search: `'; DROP TABLE users; --` }, []],
    [{ search: '%' }, []],
    [{ search: '  ' }, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [{ search: 'ada', outcome: 'failure' }, [7]],
    [{ from: '2026-03-01T08:05:00Z' }, [6, 7, 8, 9]],
    [{ to: '2026-03-01T08:02:00Z' }, [1, 2]],
    // The one that was sealed after a later one.
    [{ from: '2026-03-01T08:06:30Z', to: '2026-03-01T08:08:00Z' }, [9]],
    [{ from: '2026-03-01T08:08:00Z' }, [8]],
    [{ to: '2026-03-01T08:08:00Z' }, [1, 2, 3, 4, 5, 6, 7, 9]],
    [{ from: '2026-03-01T08:03:00Z', to: '2026-03-01T08:03:00Z' }, []],
    [{ from: '2027-01-01T00:00:00Z' }, []],
    [{ to: '2025-01-01T00:00:00Z' }, []],
    [{ from: '2026-03-01T08:02:30Z', actor: 'ada', action: 'user.updated' }, [5]],
  ])('%j', async (filter, sequences) => {
    expect(await found(filter)).toEqual(sequences);
    expect((await log.entries.list({ limit: 1, ...filter })).total).toBe(sequences.length);
  });

  it('has whole words go before words that only begin so, in an export as well', async () => {
    expect(await found({ search: 'session ended' })).toEqual([4]);
    expect(await found({ search: 'sess ende' })).toEqual([4]);
    expect(
      await found({ search: 'session ended', outcome: 'success', from: '2000-01-01T00:00:00Z' }),
    ).toEqual([4]);
    expect(await found({ search: 'session ended', action: 'sign_in.failed' })).toEqual([]);
    expect(await found({ search: 'ad up' })).toEqual(await found({ search: 'ada updated' }));
    const exported = await log.entries.after({ search: 'ad up' }, { after: 0, upTo: 9, limit: 50 });
    expect(exported.map(({ sequence }) => Number(sequence))).toEqual([3, 5]);
    expect(await log.entries.after({ search: '%' }, { after: 0, upTo: 9, limit: 50 })).toEqual([]);
  });

  describe('beyond the newest few, of which a sample is taken', () => {
    let fresh: OpenAudit;
    beforeAll(async () => {
      fresh = await openAudit();
      await fresh.database.rows(
        `INSERT INTO audit_entries (occurred_at, action, outcome, details)
         SELECT '2026-03-02'::timestamptz, CASE WHEN n IN (5, 900, 2990) THEN 'rare.one' WHEN n > 2980 THEN 'late.one'
           WHEN n IN (7, 8) THEN 'early.one' ELSE 'usual.one' END, CASE WHEN n % 10 = 0 THEN 'failure' ELSE 'success' END, '{}'
         FROM generate_series(1, 3000) n`,
      );
    });
    afterAll(() => fresh.close());

    async function inPages(filter: AuditFilter, limit: number) {
      const sequences: number[] = [];
      const totals = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = await fresh.entries.list({ ...filter, limit, cursor });
        sequences.push(...page.items.map(({ sequence }) => sequence));
        totals.add(`${page.totalIsLowerBound ? 'at least ' : ''}${page.total}`);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return { sequences, totals: [...totals] };
    }

    it.each<[AuditFilter, number[]]>([
      [{ search: 'rare' }, [2990, 900, 5]],
      [{ search: 'rare one' }, [2990, 900, 5]],
      [{ search: 'one rar' }, [2990, 900, 5]],
      [{ search: 'one rar', outcome: 'failure' }, [2990, 900]],
      [{ search: 'early', outcome: 'success' }, [8, 7]],
      [{ search: 'early rare' }, []],
      [{ search: 'rare', action: 'usual.one' }, []],
    ])('%j: rare words are found wherever they are, and counted', async (filter, sequences) => {
      for (const limit of [1, 50])
        expect(await inPages(filter, limit)).toEqual({ sequences, totals: [String(sequences.length)] });
    });

    it('frequent words are all found as well; of how many there are, the least is told', async () => {
      const { sequences, totals } = await inPages({ search: 'usual' }, 700);
      expect(sequences).toHaveLength(2976);
      expect(sequences).toEqual(sequences.toSorted((one, other) => other - one));
      expect(totals).toEqual(['at least 1980']);
      const late = await inPages({ search: 'late one' }, 50);
      expect(late.sequences).toHaveLength(19);
      expect(late.totals).toEqual(['19']);
      expect(await inPages({ search: 'late', outcome: 'failure' }, 1)).toEqual({
        sequences: [3000],
        totals: ['1'],
      });
    });
  });

  it('of a person is what they did and what is about them', async () => {
    const of = async (id: string, filter: AuditFilter = {}) => {
      const { items, total } = await log.entries.ofPerson(id, { limit: 50, ...filter });
      expect(total).toBe(items.length);
      return items.map(({ sequence }) => sequence);
    };
    expect(await of(uma.id)).toEqual([9, 8, 6, 4, 3, 2, 1]);
    expect(await of(ada.id)).toEqual([7, 5, 4, 3]);
    expect(await of(ada.id, { outcome: 'failure' })).toEqual([7]);
    expect(await of('55555555-5555-4555-8555-555555555555')).toEqual([]);
    const first = await log.entries.ofPerson(uma.id, { limit: 3 });
    const second = await log.entries.ofPerson(uma.id, { limit: 3, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ sequence }) => sequence)).toEqual([4, 3, 2]);
  });

  it.each([
    'x',
    'e30',
    Buffer.from('["a"]').toString('base64url'),
    Buffer.from('[-1]').toString('base64url'),
  ])('API-01: refuses the cursor %s', async (cursor) => {
    await expect(log.entries.list({ limit: 1, cursor })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('LOG-02: LOG-04: an entry whose words are none, or far too many, is sealed like any other', async () => {
    const odd = [
      '\u0001',
      `${'long'.repeat(5_000)}`,
      Array.from({ length: 9_000 }, (_, n) => `w${n}`).join(' '),
    ];
    for (const text of odd) await log.record({ details: { text }, actor: { ...uma, displayName: text } });
    await log.sealer.sealNow();
    expect(await log.database.rows('SELECT FROM audit_unsealed')).toEqual([]);
    expect(await found({ actor: 'w17' })).toHaveLength(1);
  });

  it('counts no further than the bound', async () => {
    await log.database.rows(
      `INSERT INTO audit_entries (occurred_at, action, outcome)
       SELECT '2026-03-02'::timestamptz, 'many', 'success' FROM generate_series(1, 10050)`,
    );
    expect(await log.entries.list({ limit: 1, action: 'many' })).toMatchObject({
      total: 10_000,
      totalIsLowerBound: true,
    });
    expect(await log.entries.list({ limit: 1 })).toMatchObject({ total: 10_062, totalIsLowerBound: false });
  });
});
