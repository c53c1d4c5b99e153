import { type Database, isFrequent, type Words } from '#platform';
import { type EntryRow, readEntries } from './entry-row.ts';
import { type ChosenWay, type LinkFilter, linkFilter, narrowed, type Sample } from './link-filter.ts';
import {
  allWithWords,
  countLinks,
  everyone,
  type Kinds,
  newestLinks,
  newestWithWords,
  sampleOf,
} from './link-statements.ts';

/** Counting stops here, so that a page costs the same in any log. */
const mostCounted = 10_000;
/** So many of the newest tell how frequent words are. */
const sampled = 2_000;
/** Where frequent words must fill a page before the index is asked for all of them. */
const walked = 20_000;

const nothing: Sample = { rows: 0, matching: 0, having: [] };

export interface FoundPage {
  /** Newest first. */
  rows: EntryRow[];
  total: number;
  totalIsLowerBound: boolean;
}

export interface Place {
  /** Null for the first page. */
  below: number | null;
  limit: number;
}

/** Finds the links of a filter, newest first, by the way that costs least (docs/decisions/0031). */
export class LinkSearch {
  constructor(private readonly database: Database) {}

  page(filter: LinkFilter, kinds: Kinds, place: Place): Promise<FoundPage> {
    return filter.words.length > 0
      ? this.withWords(filter, kinds, place)
      : this.withoutWords(filter, kinds, place);
  }

  /**
   * The first way that finds something, or the last. By the words alone, and whatever page is asked for: so that all pages,
   * and an export, are found in the same way. Null where there is none.
   */
  async choose(ways: readonly Words[], upTo: number): Promise<ChosenWay | null> {
    let chosen: ChosenWay | null = null;
    for (const words of ways) {
      const filter = linkFilter({}, { words, inGeneral: nothing }, { first: null, last: null });
      const known = narrowed(filter, 'sequence <=', upTo);
      const inGeneral = words.length > 0 ? await this.sample(known, everyone) : nothing;
      chosen = { words, inGeneral };
      if (words === ways.at(-1) || (await this.findsAny({ ...known, inGeneral }))) break;
    }
    return chosen;
  }

  private async findsAny(filter: LinkFilter): Promise<boolean> {
    if (filter.inGeneral.matching > 0 || !isFull(filter.inGeneral)) return filter.inGeneral.matching > 0;
    const [row] = await this.database.rows<{ any: boolean }>(
      `SELECT EXISTS (${allWithWords(everyone, filter, '')}) AS any`,
      filter.parameters,
    );
    return row?.any ?? false;
  }

  private async withoutWords(filter: LinkFilter, kinds: Kinds, { below, limit }: Place): Promise<FoundPage> {
    const isWhole = filter.conditions.length === 0 && kinds === everyone;
    // The chain has no gaps.
    const sql = isWhole
      ? 'SELECT coalesce(max(sequence) - min(sequence) + 1, 0) AS total FROM audit_chain'
      : countLinks(kinds, filter, mostCounted + 1);
    const [row] = await this.database.rows<{ total: string }>(sql, filter.parameters);
    const counted = Number(row?.total ?? 0);
    const totalIsLowerBound = !isWhole && counted > mostCounted;
    const page = startingBelow(filter, below);
    return {
      rows: await this.read(newestLinks(kinds, page, limit), page.parameters),
      total: totalIsLowerBound ? mostCounted : counted,
      totalIsLowerBound,
    };
  }

  /** Frequent words are soon met by walking from the newest on; of rare ones the index has few, and they are put in order. */
  private async withWords(filter: LinkFilter, kinds: Kinds, place: Place): Promise<FoundPage> {
    const { below, limit } = place;
    const isGeneral = filter.conditions.length === 0 && kinds === everyone;
    const sample = isGeneral ? filter.inGeneral : await this.sample(filter, kinds);
    if (isFull(sample) && !isFrequent(sample.matching, sample.rows)) return this.rare(filter, kinds, place);
    const page = startingBelow(filter, below);
    let rows = await this.read(newestWithWords(kinds, page, walked, limit), page.parameters);
    if (rows.length < limit && isFull(sample)) {
      const all = `SELECT * FROM (${allWithWords(kinds, page)}) found ORDER BY sequence DESC LIMIT ${limit}`;
      rows = await this.read(all, page.parameters);
    }
    const total = Math.max(sample.matching, rows.length);
    const isEverything = !isFull(sample) || (below === null && rows.length < limit);
    return { rows, total, totalIsLowerBound: !isEverything };
  }

  private async rare(filter: LinkFilter, kinds: Kinds, { below, limit }: Place): Promise<FoundPage> {
    const [found] = await this.database.rows<{ total: number; page: string[] | null }>(
      `SELECT count(*)::int AS total, (array_agg(sequence ORDER BY sequence DESC)
         FILTER (WHERE sequence < $${filter.parameters.length + 1}))[1:${limit}] AS page
       FROM (${allWithWords(kinds, filter, 'sequence')}) found`,
      [...filter.parameters, below ?? Number.MAX_SAFE_INTEGER],
    );
    const links = 'SELECT sequence, entry, hash FROM audit_chain WHERE sequence = ANY($1)';
    const rows = await this.read(links, [found?.page ?? []]);
    return { rows, total: found?.total ?? 0, totalIsLowerBound: false };
  }

  private read(links: string, parameters: readonly unknown[]): Promise<EntryRow[]> {
    return this.database.rows<EntryRow>(readEntries(links, 'DESC'), parameters);
  }

  private async sample(filter: LinkFilter, kinds: Kinds): Promise<Sample> {
    const [sample] = await this.database.rows<Sample>(sampleOf(kinds, filter, sampled), filter.parameters);
    return sample!;
  }
}

const startingBelow = (filter: LinkFilter, below: number | null): LinkFilter =>
  below === null ? filter : narrowed(filter, 'sequence <', below);

/** Otherwise it has seen all there is. */
const isFull = ({ rows }: Sample): boolean => rows === sampled;
