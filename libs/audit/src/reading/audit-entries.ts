import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AuditEntryWire, AuditFilter, AuditPage, AuditQuery } from '#contracts';
import { AppError, Database, decodeCursor, toPage } from '#platform';
import { ChainSealer } from '../chain/chain-sealer.ts';
import { type EntryRow, readEntries, toWire } from './entry-row.ts';
import { type LinkFilter, linkFilter } from './link-filter.ts';

const placeSchema = z.tuple([z.number().int().positive()]);
/** Counting stops here, so that a page costs the same in any log; sooner where every row must be looked at. */
const mostCounted = 10_000;
const mostCountedByWords = 1_000;

/** Reads what is sealed, in the order of the chain. */
@Injectable()
export class AuditEntries {
  constructor(
    private readonly database: Database,
    private readonly sealer: ChainSealer,
  ) {}

  /** Newest first, with all that was recorded before the call. */
  async list({ cursor, limit, ...filter }: AuditQuery): Promise<AuditPage> {
    return this.page({ cursor, limit, ...filter }, await this.prepare(filter, cursor), everyone);
  }

  /** One of them, by its place in the chain. */
  async require(sequence: number): Promise<AuditEntryWire> {
    const link = 'SELECT sequence, entry, hash FROM audit_chain WHERE sequence = $1';
    const [row] = await this.database.rows<EntryRow>(readEntries(link, 'ASC'), [sequence]);
    if (!row) throw new AppError('not_found');
    return toWire(row);
  }

  /** What the person did, and what is about them. */
  async ofPerson(userId: string, { cursor, limit, ...filter }: AuditQuery): Promise<AuditPage> {
    const prepared = await this.prepare(filter, cursor);
    const id = `$${prepared.parameters.push(userId)}`;
    return this.page({ cursor, limit, ...filter }, prepared, [
      `actor_id = ${id}::uuid`,
      `subject = ${id}::text`,
    ]);
  }

  /** Oldest first, from the one after `after` up to `upTo`, at most `limit`. */
  async after(
    filter: AuditFilter,
    { after, upTo, limit }: { after: number; upTo: number; limit: number },
  ): Promise<EntryRow[]> {
    const { conditions, parameters } = linkFilter(filter, await this.spanOf(filter));
    const bounds = [`sequence > $${parameters.push(after)}`, `sequence <= $${parameters.push(upTo)}`];
    const links = `SELECT sequence, entry, hash FROM audit_chain
      WHERE ${[...conditions, ...bounds].join(' AND ')} ORDER BY sequence LIMIT ${limit}`;
    return this.database.rows<EntryRow>(readEntries(links, 'ASC'), parameters);
  }

  private async prepare(filter: AuditFilter, cursor: string | undefined): Promise<LinkFilter> {
    if (cursor === undefined) await this.sealer.sealNow();
    return linkFilter(filter, await this.spanOf(filter));
  }

  private async page(
    { cursor, limit, actor, search }: AuditQuery,
    { conditions, parameters }: LinkFilter,
    kinds: readonly string[],
  ): Promise<AuditPage> {
    const most = actor || search ? mostCountedByWords : mostCounted;
    const count = await this.count({ conditions, parameters }, kinds, most);
    const place = decodeCursor(cursor, placeSchema);
    const below = place ? [`sequence < $${parameters.length + 1}`] : [];
    const links = linksOf(kinds, [...conditions, ...below], limit + 1);
    const rows = await this.database.rows<EntryRow>(readEntries(links, 'DESC'), [
      ...parameters,
      ...(place ?? []),
    ]);
    return { ...toPage(rows, limit, ({ sequence }) => [Number(sequence)], toWire), ...count };
  }

  private async count({ conditions, parameters }: LinkFilter, kinds: readonly string[], most: number) {
    // The chain has no gaps.
    const sql =
      conditions.length === 0 && kinds === everyone
        ? 'SELECT coalesce(max(sequence) - min(sequence) + 1, 0) AS total FROM audit_chain'
        : `SELECT count(*) AS total FROM (${linksOf(kinds, conditions, most + 1)}) links`;
    const [row] = await this.database.rows<{ total: string }>(sql, parameters);
    const total = Number(row?.total ?? 0);
    const isLowerBound = conditions.length + kinds.length > 1 && total > most;
    return { total: isLowerBound ? most : total, totalIsLowerBound: isLowerBound };
  }

  /**
   * The sequences within which a span of time lies. `latest_at` only grows; no entry is further behind it than the one that
   * is furthest behind.
   */
  private async spanOf({ from, to }: AuditFilter) {
    if (!from && !to) return { first: null, last: null };
    const [row] = await this.database.rows<{ first: string | null; last: string | null }>(
      `SELECT
        (SELECT sequence FROM audit_chain WHERE latest_at >= $1 ORDER BY latest_at, sequence LIMIT 1) AS first,
        (SELECT sequence FROM audit_chain WHERE latest_at < $2::timestamptz + make_interval(secs => coalesce(
          (SELECT max(extract(epoch FROM latest_at - occurred_at)) FROM audit_chain WHERE latest_at > occurred_at), 0)::float8 + 0.001)
         ORDER BY latest_at DESC, sequence DESC LIMIT 1) AS last`,
      [from ?? '-infinity', to ?? 'infinity'],
    );
    // Where nothing is as late or as early, no sequence is either.
    return {
      first: from ? Number(row?.first ?? Number.MAX_SAFE_INTEGER) : null,
      last: to ? Number(row?.last ?? 0) : null,
    };
  }
}

const everyone: readonly string[] = ['true'];

/** The newest links of any of the kinds. Each by itself, so that each has its index. */
function linksOf(kinds: readonly string[], conditions: readonly string[], limit: number): string {
  const parts = kinds.map(
    (kind) => `(SELECT sequence, entry, hash FROM audit_chain
      WHERE ${[kind, ...conditions].join(' AND ')} ORDER BY sequence DESC LIMIT ${limit})`,
  );
  return parts.length === 1
    ? String(parts[0])
    : `${parts.join(' UNION ')} ORDER BY sequence DESC LIMIT ${limit}`;
}
