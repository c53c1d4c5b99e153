import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AuditEntryWire, AuditFilter, AuditPage, AuditQuery } from '#contracts';
import { AppError, Database, decodeCursor, toPage } from '#platform';
import { ChainSealer } from '../chain/chain-sealer.ts';
import { type EntryRow, readEntries, toWire } from './entry-row.ts';
import { type LinkFilter, linkFilter, narrowed, waysToFind } from './link-filter.ts';
import { LinkSearch } from './link-search.ts';
import { everyone, indexed, type Kinds } from './link-statements.ts';

const placeSchema = z.tuple([z.number().int().positive()]);

/** Reads what is sealed, in the order of the chain. */
@Injectable()
export class AuditEntries {
  private readonly search: LinkSearch;

  constructor(
    private readonly database: Database,
    private readonly sealer: ChainSealer,
  ) {
    this.search = new LinkSearch(database);
  }

  /** Newest first, with all that was recorded before the call. */
  async list({ cursor, limit, ...filter }: AuditQuery): Promise<AuditPage> {
    return this.page({ cursor, limit }, await this.prepare(filter, cursor), everyone);
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
    const parameters = [...(prepared?.parameters ?? []), userId];
    const id = `$${parameters.length}`;
    return this.page({ cursor, limit }, prepared && { ...prepared, parameters }, [
      `actor_id = ${id}::uuid`,
      `subject = ${id}::text`,
    ]);
  }

  /** Oldest first, from the one after `after` up to `upTo`, at most `limit`. */
  async after(
    filter: AuditFilter,
    { after, upTo, limit }: { after: number; upTo: number; limit: number },
  ): Promise<EntryRow[]> {
    const found = await this.linkFilter(filter, upTo);
    if (!found) return [];
    const { conditions, words, parameters } = narrowed(
      narrowed(found, 'sequence >', after),
      'sequence <=',
      upTo,
    );
    const links = `SELECT sequence, entry, hash FROM audit_chain
      WHERE ${[...conditions, ...words.map(indexed)].join(' AND ')} ORDER BY sequence LIMIT ${limit}`;
    return this.database.rows<EntryRow>(readEntries(links, 'ASC'), parameters);
  }

  private async prepare(filter: AuditFilter, cursor: string | undefined): Promise<LinkFilter | null> {
    if (cursor === undefined) await this.sealer.sealNow();
    return this.linkFilter(filter);
  }

  /** Null where it can find nothing. */
  private async linkFilter(filter: AuditFilter, upTo = Number.MAX_SAFE_INTEGER): Promise<LinkFilter | null> {
    const way = await this.search.choose(waysToFind(filter), upTo);
    return way ? linkFilter(filter, way, await this.spanOf(filter)) : null;
  }

  private async page(
    { cursor, limit }: Pick<AuditQuery, 'cursor' | 'limit'>,
    filter: LinkFilter | null,
    kinds: Kinds,
  ): Promise<AuditPage> {
    const below = decodeCursor(cursor, placeSchema)?.[0] ?? null;
    if (!filter) return { items: [], nextCursor: null, total: 0, totalIsLowerBound: false };
    const { rows, ...count } = await this.search.page(filter, kinds, { below, limit: limit + 1 });
    return { ...toPage(rows, limit, ({ sequence }) => [Number(sequence)], toWire), ...count };
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
