/**
 * Computes every hash anew, in the database but with statements of ours: whoever owns the database could have changed a
 * function in it. A link needs only the hash stored before it, so ranges are checked side by side.
 */
import { Injectable } from '@nestjs/common';
import type { AuditVerification } from '#contracts';
import { Database } from '#platform';
import type { ChainHead } from './chain-head.ts';
import { entryContent, entrySubject, rangeContent } from './entry-content.ts';

/** Few enough that Postgres does not think of compiling the statement, which takes longer than it saves. */
const linksAtOnce = 5_000;
const entriesAtOnce = 100_000;
const sideBySide = 2;

const brokenRange = `
  SELECT min(CASE WHEN first_sequence <> expected THEN expected ELSE first_sequence END)
      FILTER (WHERE first_sequence <> expected OR hash <> computed) AS broken,
    max(last_sequence) AS last, (array_agg(last_hash ORDER BY last_sequence DESC))[1] AS last_hash
  FROM (
    SELECT r.*, 1 + coalesce(lag(last_sequence) OVER w, 0) AS expected,
      sha256(coalesce(lag(hash) OVER w, '') || convert_to(${rangeContent}, 'UTF8')) AS computed
    FROM audit_dropped_ranges r WINDOW w AS (ORDER BY first_sequence)
  ) ranges`;

const brokenLink = `
  SELECT count(*) AS links, min(broken) AS broken
  FROM (
    SELECT CASE
      WHEN c.sequence <> c.expected THEN c.expected
      WHEN e.id IS NULL
        OR c.hash <> sha256(c.previous_hash || convert_to(${entryContent}, 'UTF8'))
        OR c.latest_at <> greatest(coalesce(c.previous_latest, c.latest_at), e.occurred_at)
        OR (c.occurred_at, c.action, c.outcome, c.actor_id, c.subject)
          IS DISTINCT FROM (e.occurred_at, e.action, e.outcome, e.actor_id, ${entrySubject})
      THEN c.sequence END AS broken
    FROM (
      SELECT *, $1::bigint - 1 + row_number() OVER w AS expected,
        coalesce(lag(hash) OVER w, (SELECT hash FROM audit_chain WHERE sequence = $1 - 1), $3) AS previous_hash,
        coalesce(lag(latest_at) OVER w, (SELECT latest_at FROM audit_chain WHERE sequence = $1 - 1)) AS previous_latest
      FROM audit_chain WHERE sequence BETWEEN $1 AND $2 WINDOW w AS (ORDER BY sequence)
    ) c LEFT JOIN audit_entries e ON e.sequence = c.entry
  ) checked`;

/** Every link has its entry by then, so numbers tell: that is many times as quick as looking for each. */
const strayEntry = `
  SELECT (SELECT count(*) FROM audit_entries WHERE sequence BETWEEN $1 AND $2)
    <> (SELECT count(*) FROM audit_chain WHERE entry BETWEEN $1 AND $2)
      + (SELECT count(*) FROM audit_unsealed u WHERE u.entry BETWEEN $1 AND $2
           AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.entry = u.entry)) AS is_stray`;

const lostEntry = `
  SELECT EXISTS (
    SELECT FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_entries e WHERE e.sequence = u.entry)
  ) AS is_lost`;

interface Extent {
  brokenRange: number | null;
  /** The link after the last dropped range. */
  first: number;
  previousHash: Buffer;
  last: number;
}

@Injectable()
export class Verification {
  constructor(private readonly database: Database) {}

  /** `known`: heads that were kept elsewhere. */
  async verify(known: readonly ChainHead[] = []): Promise<AuditVerification> {
    for (;;) {
      const extent = await this.extent();
      const { checked, broken } = await this.check(extent, known);
      // What was dropped while it was read is not broken.
      const isOutrun = broken !== null && (await this.extent()).first !== extent.first;
      if (!isOutrun) return { valid: broken === null, checked, firstBrokenSequence: broken };
    }
  }

  private async check(extent: Extent, known: readonly ChainHead[]) {
    if (extent.brokenRange !== null) return { checked: 0, broken: extent.brokenRange };
    const { checked, broken } = await this.checkLinks(extent);
    const suspects = [
      broken,
      await this.brokenHead(extent, known),
      broken ?? (await this.stray(extent.last)),
    ];
    const found = suspects.filter((sequence) => sequence !== null);
    return { checked, broken: found.length > 0 ? Math.min(...found) : null };
  }

  private async extent(): Promise<Extent> {
    const [ranges] = await this.database.rows<{
      broken: string | null;
      last: string | null;
      last_hash: Buffer | null;
    }>(brokenRange);
    const [chain] = await this.database.rows<{ last: string | null }>(
      'SELECT max(sequence) AS last FROM audit_chain',
    );
    const dropped = Number(ranges?.last ?? 0);
    return {
      brokenRange: ranges?.broken == null ? null : Number(ranges.broken),
      first: dropped + 1,
      previousHash: ranges?.last_hash ?? Buffer.alloc(0),
      last: Number(chain?.last ?? dropped),
    };
  }

  private async checkLinks({ first, last, previousHash }: Extent) {
    let next = first;
    let checked = 0;
    let broken: number | null = null;
    const worker = async () => {
      while (next <= last && broken === null) {
        const from = next;
        const to = Math.min(from + linksAtOnce - 1, last);
        next = to + 1;
        const [found] = await this.database.rows<{ links: string; broken: string | null }>(brokenLink, [
          from,
          to,
          previousHash,
        ]);
        const links = Number(found?.links ?? 0);
        checked += links;
        const missing = links < to - from + 1 ? from + links : null;
        const wrong = found?.broken == null ? missing : Number(found.broken);
        if (wrong !== null) broken = Math.min(wrong, broken ?? wrong);
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, worker));
    return { checked, broken: broken as number | null };
  }

  /** The first place at which the chain is not what it was when its head was kept. */
  private async brokenHead({ first, last }: Extent, known: readonly ChainHead[]): Promise<number | null> {
    for (const { sequence, hash } of known.toSorted((one, other) => one.sequence - other.sequence)) {
      if (sequence > last) return last + 1;
      const [link] = await this.database.rows<{ hash: string }>(
        `SELECT encode(hash, 'hex') AS hash FROM audit_chain WHERE sequence = $1
         UNION ALL SELECT encode(last_hash, 'hex') FROM audit_dropped_ranges WHERE last_sequence = $1`,
        [sequence],
      );
      if (link ? link.hash !== hash : sequence >= first) return sequence;
    }
    return null;
  }

  /** An entry that is neither in the chain nor waiting for it, or waits and is gone: it is missing after the head. */
  private async stray(head: number): Promise<number | null> {
    const [entries] = await this.database.rows<{ first: string | null; last: string | null }>(
      'SELECT min(sequence) AS first, max(sequence) AS last FROM audit_entries',
    );
    const last = Number(entries?.last ?? 0);
    for (let from = Number(entries?.first ?? 1); from <= last; from += entriesAtOnce) {
      const [found] = await this.database.rows<{ is_stray: boolean }>(strayEntry, [
        from,
        from + entriesAtOnce - 1,
      ]);
      if (found?.is_stray) return head + 1;
    }
    const [queue] = await this.database.rows<{ is_lost: boolean }>(lostEntry);
    return queue?.is_lost ? head + 1 : null;
  }
}
