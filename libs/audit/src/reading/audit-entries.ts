import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AuditEntryWire, AuditFilter, AuditPage, AuditQuery } from '#contracts';
import { AppError, Database, decodeCursor, toPage, type WordQuery } from '#platform';
import { ChainSealer } from '../chain/chain-sealer.ts';
import { type EntryRow, readEntries, toWire } from './entry-row.ts';
import { type LinkFilter, linkFilter, waysToFind } from './link-filter.ts';
import {
  allWithWords,
  anyWithWords,
  countLinks,
  everyone,
  type Kinds,
  newestLinks,
  newestWithWords,
} from './link-statements.ts';

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
    const id = `$${prepared?.parameters.push(userId)}`;
    return this.page({ cursor, limit }, prepared, [`actor_id = ${id}::uuid`, `subject = ${id}::text`]);
  }

  /** Oldest first, from the one after `after` up to `upTo`, at most `limit`. */
  async after(
    filter: AuditFilter,
    { after, upTo, limit }: { after: number; upTo: number; limit: number },
  ): Promise<EntryRow[]> {
    const prepared = await this.linkFilter(filter, upTo);
    if (!prepared) return [];
    const { conditions, words, parameters } = prepared;
    const bounds = [`sequence > $${parameters.push(after)}`, `sequence <= $${parameters.push(upTo)}`];
    const links = `SELECT sequence, entry, hash FROM audit_chain
      WHERE ${[...conditions, ...words, ...bounds].join(' AND ')} ORDER BY sequence LIMIT ${limit}`;
    return this.database.rows<EntryRow>(readEntries(links, 'ASC'), parameters);
  }

  private async prepare(filter: AuditFilter, cursor: string | undefined): Promise<LinkFilter | null> {
    if (cursor === undefined) await this.sealer.sealNow();
    return this.linkFilter(filter);
  }

  /** Null where it can find nothing. */
  private async linkFilter(filter: AuditFilter, upTo = Number.MAX_SAFE_INTEGER): Promise<LinkFilter | null> {
    const ways = waysToFind(filter);
    const found = await this.firstThatFinds(ways.slice(0, -1), upTo);
    const way = found ?? ways.at(-1);
    return way ? linkFilter(filter, way, await this.spanOf(filter)) : null;
  }

  /** By the words alone, and whatever page is asked for: so that all pages, and an export, are found in the same way. */
  private async firstThatFinds(ways: readonly WordQuery[][], upTo: number): Promise<WordQuery[] | null> {
    for (const way of ways) {
      const { words, parameters } = linkFilter({}, way, { first: null, last: null });
      const conditions = [`sequence <= $${parameters.push(upTo)}`];
      const [row] = await this.database.rows<{ any: boolean }>(
        `SELECT EXISTS (${anyWithWords(everyone, { conditions, words })}) AS any`,
        parameters,
      );
      if (row?.any) return way;
    }
    return null;
  }

  private async page(
    { cursor, limit }: Pick<AuditQuery, 'cursor' | 'limit'>,
    filter: LinkFilter | null,
    kinds: Kinds,
  ): Promise<AuditPage> {
    const place = decodeCursor(cursor, placeSchema);
    if (!filter) return { items: [], nextCursor: null, total: 0, totalIsLowerBound: false };
    const count = await this.count(filter, kinds);
    const rows = await this.newest(filter, kinds, place?.[0], limit + 1);
    return { ...toPage(rows, limit, ({ sequence }) => [Number(sequence)], toWire), ...count };
  }

  private async newest(
    filter: LinkFilter,
    kinds: Kinds,
    below: number | undefined,
    limit: number,
  ): Promise<EntryRow[]> {
    const bound = below === undefined ? [] : [`sequence < $${filter.parameters.length + 1}`];
    const parameters = [...filter.parameters, ...(below === undefined ? [] : [below])];
    const conditions = [...filter.conditions, ...bound];
    const read = (links: string) => this.database.rows<EntryRow>(readEntries(links, 'DESC'), parameters);
    if (filter.words.length === 0) return read(newestLinks(kinds, conditions, limit));
    const rows = await read(newestWithWords(kinds, { ...filter, conditions }, limit));
    return rows.length === limit ? rows : read(allWithWords(kinds, { ...filter, conditions }, limit));
  }

  private async count(filter: LinkFilter, kinds: Kinds) {
    const { conditions, words, parameters } = filter;
    const most = words.length > 0 ? mostCountedByWords : mostCounted;
    const isWhole = conditions.length + words.length === 0 && kinds === everyone;
    // The chain has no gaps.
    const sql = isWhole
      ? 'SELECT coalesce(max(sequence) - min(sequence) + 1, 0) AS total FROM audit_chain'
      : countLinks(kinds, filter, most);
    const [row] = await this.database.rows<{ total: string }>(sql, parameters);
    const total = Number(row?.total ?? 0);
    const isLowerBound = !isWhole && total > most;
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
