import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { Page, PeopleQuery, Person, PersonDetail } from '#contracts';
import { AppError, Database, toPage, wordQuery } from '#platform';
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
  async list({ sort, cursor, limit, ...filter }: PeopleQuery): Promise<Page<Person>> {
    const { column, given, direction } = orderOf(sort);
    const query = this.database
      .repository(User)
      .createQueryBuilder('u')
      .orderBy(column, direction)
      .addOrderBy('u.id', direction)
      .limit(limit + 1);
    narrow(query, filter);
    const place = readPlace(sort, cursor);
    if (place) query.andWhere(`(${column}, u.id) ${direction === 'ASC' ? '>' : '<'} (${given}, :id)`, place);
    return toPage(await query.getMany(), limit, (row) => placeOf(sort, row), toPerson);
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
  { search, role, active }: Pick<PeopleQuery, 'search' | 'role' | 'active'>,
): void {
  if (active !== undefined) query.andWhere(active ? 'u.is_active' : 'NOT u.is_active');
  // Not as a parameter: the planner would not see which partial index it means. The schema knows four roles.
  if (role) query.andWhere(`(u.roles_from_entra || u.granted_roles) @> '{${role}}'`);
  if (!search?.trim()) return;
  const words = wordQuery(search);
  // The database's own lower(), which has made the column.
  if (words) query.andWhere('u.search @@ lower(:words)::tsquery', { words });
  else query.andWhere('false');
}
