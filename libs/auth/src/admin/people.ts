import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { Page, PeopleQuery, Person, PersonDetail } from '#contracts';
import {
  AppError,
  Database,
  forIndex,
  type SampledWords,
  toPage,
  waysToLookFor,
  type Words,
} from '#platform';
import { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';
import { TokenVault } from '../vault/token-vault.ts';
import { orderOf, placeOf, readPlace } from './people-order.ts';
import { toPerson, toPersonDetail } from './person-wire.ts';

/** So many rows tell how frequent words are. */
const sampled = 1_000;
const noneFrequent: SampledWords = { rows: 0, having: [] };

/** People as administrators and auditors read them. */
@Injectable()
export class People {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly vault: TokenVault,
  ) {}

  /** Someone who comes or goes between two pages moves nobody else. */
  async list({ search, ...query }: PeopleQuery): Promise<Page<Person>> {
    const ways = search?.trim() ? waysToLookFor(search) : [[]];
    let found: User[] = [];
    // Once a first page was found in one way, every page of it is.
    for (const [place, words] of ways.entries()) {
      // Whole words the index intersects without reading what only some have; not so several beginnings.
      const sample = place > 0 ? await this.sample(words) : noneFrequent;
      found = await this.select(query, forIndex(words, sample));
      if (found.length > 0) break;
    }
    return toPage(found, query.limit, (row) => placeOf(query.sort, row), toPerson);
  }

  private select(
    { sort, cursor, limit, ...filter }: Omit<PeopleQuery, 'search'>,
    words: { indexed: Words; checked: Words },
  ): Promise<User[]> {
    const { column, given, direction } = orderOf(sort);
    const query = this.database
      .repository(User)
      .createQueryBuilder('u')
      .orderBy(column, direction)
      .addOrderBy('u.id', direction)
      .limit(limit + 1);
    narrow(query, filter);
    narrowByWords(query, words);
    const place = readPlace(sort, cursor);
    if (place) query.andWhere(`(${column}, u.id) ${direction === 'ASC' ? '>' : '<'} (${given}, :id)`, place);
    return query.getMany();
  }

  private async sample(words: Words): Promise<SampledWords> {
    const counts = words.map(
      (_, at) => `count(*) FILTER (WHERE ts_match_vq(search, lower($${at + 1})::tsquery))`,
    );
    const [sample] = await this.database.rows<SampledWords>(
      `SELECT count(*)::int AS rows, ARRAY[${counts.join(', ')}]::int[] AS having
       FROM (SELECT search FROM users LIMIT ${sampled}) sampled`,
      words,
    );
    return sample!;
  }

  async require(id: string): Promise<User> {
    const user = await this.users.find(id);
    if (!user) throw new AppError('not_found');
    return user;
  }

  async get(id: string): Promise<PersonDetail> {
    return this.describe(await this.require(id));
  }

  async describe(user: User): Promise<PersonDetail> {
    return toPersonDetail(user, await this.vault.status(user.id));
  }
}

/** Written so that each condition has its index. */
function narrow(
  query: SelectQueryBuilder<User>,
  { role, active }: Pick<PeopleQuery, 'role' | 'active'>,
): void {
  if (active !== undefined) query.andWhere(active ? 'u.is_active' : 'NOT u.is_active');
  // Not as a parameter: the planner would not see which partial index it means. The schema knows four roles.
  if (role) query.andWhere(`(u.roles_from_entra || u.granted_roles) @> '{${role}}'`);
}

/** By the database's own lower(), which has made the column. */
function narrowByWords(
  query: SelectQueryBuilder<User>,
  { indexed, checked }: { indexed: Words; checked: Words },
): void {
  if (indexed.length > 0)
    query.andWhere('u.search @@ lower(:indexed)::tsquery', { indexed: indexed.join(' & ') });
  // The function keeps out of the index what its operator would not.
  if (checked.length > 0)
    query.andWhere('ts_match_vq(u.search, lower(:checked)::tsquery)', { checked: checked.join(' & ') });
}
