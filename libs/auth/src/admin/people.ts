import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { Page, PeopleQuery, Person, PersonDetail } from '#contracts';
import { AppError, Database, toPage, type WordQuery, wordQueries } from '#platform';
import { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';
import { TokenVault } from '../vault/token-vault.ts';
import { orderOf, placeOf, readPlace } from './people-order.ts';
import { toPerson, toPersonDetail } from './person-wire.ts';

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
    const ways = search?.trim() ? wordQueries(search) : [null];
    let found: User[] = [];
    // Once a first page was found in one way, every page of it is.
    for (const words of ways) {
      found = await this.select(query, words);
      if (found.length > 0) break;
    }
    return toPage(found, query.limit, (row) => placeOf(query.sort, row), toPerson);
  }

  private select(
    { sort, cursor, limit, ...filter }: Omit<PeopleQuery, 'search'>,
    words: WordQuery | null,
  ): Promise<User[]> {
    const { column, given, direction } = orderOf(sort);
    const query = this.database
      .repository(User)
      .createQueryBuilder('u')
      .orderBy(column, direction)
      .addOrderBy('u.id', direction)
      .limit(limit + 1);
    narrow(query, filter);
    if (words) narrowByWords(query, words);
    const place = readPlace(sort, cursor);
    if (place) query.andWhere(`(${column}, u.id) ${direction === 'ASC' ? '>' : '<'} (${given}, :id)`, place);
    return query.getMany();
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
function narrowByWords(query: SelectQueryBuilder<User>, { indexed, checked }: WordQuery): void {
  query.andWhere('u.search @@ lower(:indexed)::tsquery', { indexed });
  if (checked !== null) query.andWhere('ts_match_vq(u.search, lower(:checked)::tsquery)', { checked });
}
