import { SelectQueryBuilder } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PeopleQuery, type PeopleSort, peopleSorts } from '#contracts';
import { encodeCursor } from '#platform';
import { type OpenAuth, openAuth } from '../../../../test/support/auth-kit.ts';
import type { User } from '../users/user.entity.ts';
import { People } from './people.ts';

describe('the order of the list of people', () => {
  let auth: OpenAuth;
  let people: People;
  beforeAll(async () => {
    auth = await openAuth();
    people = new People(auth.database, auth.users, auth.vault);
  });
  afterAll(() => auth.close());
  beforeEach(() => auth.database.rows('DELETE FROM users'));

  const list = (query: Partial<PeopleQuery> = {}) => people.list({ limit: 50, sort: '-createdAt', ...query });

  async function inPages(sort: PeopleSort, limit: number, query: Partial<PeopleQuery> = {}) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ ...query, sort, limit, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ displayName }) => displayName));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return seen;
  }

  /** In the order of their first appearance here; `signedIn` in days of March 2026, null for never. */
  const add = async (...rows: [displayName: string, signedIn: number | null][]) => {
    for (const [index, [displayName, signedIn]] of rows.entries())
      await auth.database.rows(
        `INSERT INTO users (tenant_id, object_id, display_name, created_at, updated_at, last_sign_in_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2, now(), $3)`,
        [
          displayName,
          new Date(Date.UTC(2026, 0, 1 + index)),
          signedIn && new Date(Date.UTC(2026, 2, signedIn)),
        ],
      );
  };

  it.each<[PeopleSort, string[]]>([
    ['createdAt', ['carol', 'Bob', 'alice', 'Dora']],
    ['displayName', ['alice', 'Bob', 'carol', 'Dora']],
    ['lastSignInAt', ['Bob', 'Dora', 'carol', 'alice']],
  ])('is by %s, either way, whatever the length of a page', async (sort, expected) => {
    await add(['carol', 3], ['Bob', null], ['alice', 9], ['Dora', 1]);
    for (const limit of [1, 2, 3, 4, 50]) {
      expect(await inPages(sort, limit)).toEqual(expected);
      expect(await inPages(`-${sort}` as PeopleSort, limit)).toEqual(expected.toReversed());
    }
  });

  it.each(peopleSorts)(
    '%s shows everybody once where all are alike, or have never signed in',
    async (sort) => {
      for (const [signedIn, rows] of [
        ['NULL', 9],
        [`timestamptz '2026-03-01 08:00:00.1239'`, 9],
      ] as const)
        await auth.database.rows(
          `INSERT INTO users (tenant_id, object_id, display_name, email, created_at, updated_at, last_sign_in_at)
         SELECT gen_random_uuid(), gen_random_uuid(), 'Same Name', n || '@' || $1, '2026-01-01', now(), ${signedIn}
         FROM generate_series(1, ${rows}) AS n`,
          [signedIn === 'NULL' ? 'never' : 'once'],
        );
      for (const limit of [1, 4, 9]) {
        const ids = new Set<string>();
        let cursor: string | undefined;
        let pages = 0;
        do {
          const page = await list({ sort, limit, ...(cursor ? { cursor } : {}) });
          for (const { id } of page.items) ids.add(id);
          cursor = page.nextCursor ?? undefined;
          pages += 1;
        } while (cursor);
        expect(ids.size).toBe(18);
        expect(pages).toBe(Math.ceil(18 / limit));
      }
    },
  );

  it('takes names that begin alike, are long, or are written in other letters', async () => {
    const names = [
      'Ünal',
      'Ünal',
      '李雷',
      'אבי',
      '𝒜da',
      'é'.repeat(250),
      'é'.repeat(240),
      "O'Hara",
      '%',
      'ß',
    ];
    await add(...names.map((name): [string, null] => [name, null]));
    const seen = await inPages('displayName', 3);
    expect(seen.toSorted()).toEqual(names.toSorted());
    expect(await inPages('-displayName', 3)).toEqual(seen.toReversed());
    expect(await inPages('displayName', 1)).toEqual(seen);
  });

  it('holds for what a filter leaves', async () => {
    await add(['carol', 3], ['Bob', null], ['alice', 9], ['Dora', 1]);
    await auth.database.rows(`UPDATE users SET granted_roles = '{auditor}' WHERE display_name <> 'Bob'`);
    await auth.database.rows(`UPDATE users SET is_active = false WHERE display_name <> 'Dora'`);
    expect(await inPages('displayName', 1, { role: 'auditor' })).toEqual(['alice', 'carol', 'Dora']);
    expect(await inPages('-lastSignInAt', 1, { active: false })).toEqual(['alice', 'carol', 'Bob']);
    expect(await inPages('displayName', 1, { role: 'auditor', active: false })).toEqual(['alice', 'carol']);
    expect(await inPages('-displayName', 1, { search: 'a' })).toEqual(['alice']);
  });

  it('API-01: refuses a cursor of another order, and says so', async () => {
    await add(['carol', 3], ['Bob', null]);
    const { nextCursor } = await list({ sort: 'displayName', limit: 1 });
    const refused = list({ sort: '-displayName', cursor: nextCursor! });
    await expect(refused).rejects.toMatchObject({
      code: 'validation_failed',
      extras: {
        issues: [
          {
            path: 'cursor',
            message: 'is of sort=displayName: leave it out to begin anew in another order',
          },
        ],
      },
    });
  });

  const id = '00000000-0000-4000-8000-00000000dead';
  it.each([
    ['x'],
    [['-createdAt']],
    [['-createdAt', 'yesterday', id]],
    [['-createdAt', null, id]],
    [['-createdAt', '0000-01-01T00:00:00Z', id]],
    [['-createdAt', '2026-01-01T00:00:00Z', '7']],
    [['email', 'x', id]],
    [['displayName', 7, id]],
    [['displayName', 'a\0b', id]],
    [['lastSignInAt', '', id]],
  ])('API-01: refuses %j as a cursor', async (place) => {
    const sort = (Array.isArray(place) && peopleSorts.find((known) => known === place[0])) || '-createdAt';
    const refused = list({ sort, cursor: encodeCursor(place) });
    await expect(refused).rejects.toMatchObject({ code: 'validation_failed' });
  });

  describe('among 20 000', () => {
    beforeEach(async () => {
      await auth.database.rows(
        `INSERT INTO users (tenant_id, object_id, display_name, roles_from_entra, is_active, created_at, updated_at, last_sign_in_at)
         SELECT gen_random_uuid(), gen_random_uuid(), CASE n WHEN 7 THEN 'Wanted' ELSE 'Person' || n || ' Family' || n % 500 END,
           CASE n WHEN 7 THEN '{auditor}' ELSE '{user}' END::text[], n <> 7, now() - n * interval '1 s', now(), now()
         FROM generate_series(1, 20000) AS n`,
      );
      await auth.database.rows('ANALYZE users');
    });

    async function planOf(query: Partial<PeopleQuery>) {
      const asked = vi.spyOn(SelectQueryBuilder.prototype, 'getMany');
      const { items } = await list(query);
      const [sql, values] = (asked.mock.contexts[0] as SelectQueryBuilder<User>).getQueryAndParameters();
      asked.mockRestore();
      return { items, plan: JSON.stringify(await auth.database.rows(`EXPLAIN ${sql}`, values)) };
    }

    it('each order has its index, for a rare and a common filter as well', async () => {
      const expected: [Partial<PeopleQuery>, string, number][] = [
        [{ search: 'wanted' }, 'users_search', 1],
        [{ search: 'wanted', sort: 'displayName' }, 'users_search', 1],
      ];
      for (const [sort, suffix] of [
        ['createdAt', ''],
        ['displayName', '_by_name'],
        ['lastSignInAt', '_by_sign_in'],
      ] as const)
        for (const direction of [sort, `-${sort}`] as const) {
          expected.push(
            [{ sort: direction }, `users${suffix || '_by_creation'} `, 50],
            [{ sort: direction, role: 'auditor' }, `users_as_auditor`, 1],
            [{ sort: direction, role: 'user' }, `users_as_user${suffix} `, 50],
            [{ sort: direction, active: false }, `users_inactive`, 1],
          );
        }
      for (const [query, index, count] of expected) {
        const { items, plan } = await planOf(query);
        expect(items, JSON.stringify(query)).toHaveLength(count);
        expect(plan, JSON.stringify(query)).toContain(index);
      }
    });

    it('the next page begins in the index as well', async () => {
      for (const sort of peopleSorts) {
        const { nextCursor } = await list({ sort, limit: 10 });
        const { plan } = await planOf({ sort, limit: 10, cursor: nextCursor! });
        expect(plan).toMatch(/Index Cond: \(ROW\(/);
        expect(plan).not.toContain('Sort');
      }
    });
  });
});
