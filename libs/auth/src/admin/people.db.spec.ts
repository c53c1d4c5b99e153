import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PeopleQuery, peopleQuerySchema } from '#contracts';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import type { PersonFromEntra } from '../users/users.ts';
import { People } from './people.ts';

describe('the list of people', () => {
  let auth: OpenAuth;
  let people: People;
  beforeAll(async () => {
    auth = await openAuth();
    people = new People(auth.database, auth.users, auth.vault);
  });
  afterAll(() => auth.close());
  beforeEach(() => auth.database.rows('DELETE FROM users'));

  const add = async (changes: Partial<PersonFromEntra> = {}) => {
    const user = await auth.users.saveFromEntra(personFromEntra({ objectId: randomUUID(), ...changes }));
    return user.id;
  };
  const list = (query: Partial<PeopleQuery> = {}) => people.list({ limit: 50, sort: '-createdAt', ...query });
  const names = async (query: Partial<PeopleQuery>) =>
    (await list(query)).items.map(({ displayName }) => displayName).toSorted();

  /** All pages; `between` runs before each page but the first. */
  async function pages(limit: number, between: () => Promise<unknown> = () => Promise.resolve()) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      if (cursor) await between();
      const page = await list({ limit, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return seen;
  }

  it('is newest first, and each page begins where the one before has ended', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      ids.unshift(await add());
      auth.clock.advanceSeconds(1);
    }
    expect(await pages(4)).toEqual(ids);
    expect(await pages(3)).toEqual(ids);
    expect(await pages(50)).toEqual(ids);
  });

  it('shows everybody once where all have come at the same moment', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => add()));
    const seen = await pages(7);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('loses and repeats nobody when people come, go and change between two pages', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      ids.unshift(await add());
      auth.clock.advanceSeconds(1);
    }
    const leaving = ids.slice(1, 3);
    const seen = await pages(4, async () => {
      await add({ displayName: 'Newcomer' });
      await auth.database.rows(`UPDATE users SET display_name = 'Renamed', updated_at = now()`);
      const gone = leaving.pop();
      if (gone) await auth.database.rows('DELETE FROM users WHERE id = $1', [gone]);
    });
    expect(seen).toEqual(ids);
  });

  it('loses nobody whose row was written with a finer time', async () => {
    await auth.database.rows(
      `INSERT INTO users (tenant_id, object_id, display_name, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'Imported', timestamptz '2026-01-01' + n * interval '0.0001 s', now()
       FROM generate_series(1, 40) AS n`,
    );
    expect(new Set(await pages(3)).size).toBe(40);
  });

  it('refuses a cursor that it has not given', async () => {
    await expect(list({ cursor: 'x' })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  describe('narrowed', () => {
    beforeEach(async () => {
      await add({ displayName: 'Uma Patel', email: 'uma.patel@contoso.com', roles: ['user'] });
      await add({ displayName: 'Jean-Luc O’Hara', email: 'JLO@Fabrikam.com', roles: ['viewer'] });
      await add({ displayName: 'Ümit Çelik', email: null, roles: ['admin', 'user'] });
      const id = await add({ displayName: 'Patrick 100% _Smith_', email: 'p-s@contoso.com', roles: [] });
      await auth.database.rows(
        `UPDATE users SET is_active = false, granted_roles = '{auditor}' WHERE id = $1`,
        [id],
      );
    });
    const [uma, jean, umit, patrick] = ['Uma Patel', 'Jean-Luc O’Hara', 'Ümit Çelik', 'Patrick 100% _Smith_'];

    it.each<[string, string[]]>([
      ['uma', [uma]],
      ['PAT', [patrick, uma]],
      ['patel uma', [uma]],
      ['uma patrick', []],
      ['um pat', [uma]],
      ['um p', [uma]],
      ['uma.pat@cont', [uma]],
      ['uma.patel@contoso.com', [uma]],
      ['contoso', [patrick, uma]],
      ['fabrikam', [jean]],
      ['luc', [jean]],
      ['jean-l', [jean]],
      ['smith', [patrick]],
      ['100', [patrick]],
      ['%', []],
      ['_', []],
      ['atel', []],
      ['çel', [umit]],
      ["uma' | 'patrick", []],
      ['uma:* | patrick', []],
      ['\0', []],
      ['  ', [jean, patrick, uma, umit]],
    ])('by the words %j', async (search, expected) => {
      expect(await names({ search })).toEqual(expected.toSorted());
    });

    it('has whole words go before words that only begin so, on every page', async () => {
      const others = ['Uma Patelson', 'Umara Patel'];
      for (const displayName of others) await add({ displayName, email: null });
      expect(await names({ search: 'uma patel' })).toEqual([uma]);
      expect(await names({ search: 'uma pate' })).toEqual([uma, ...others]);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ search: 'uma pate', limit: 1, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ displayName }) => displayName));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen.toSorted()).toEqual([uma, ...others]);
    });

    it('finds somebody by whatever stands between the words of their name', async () => {
      for (const between of `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~\t`) {
        await add({ displayName: `Alpha${between}Omega`, email: null });
        expect(await names({ search: 'omega alpha' })).toContain(`Alpha${between}Omega`);
        expect(await names({ search: `Alpha${between}Omega` })).toContain(`Alpha${between}Omega`);
      }
    });

    it.each<[Partial<PeopleQuery>, string[]]>([
      [{ role: 'user' }, [uma, umit]],
      [{ role: 'admin' }, [umit]],
      [{ role: 'auditor' }, [patrick]],
      [{ active: false }, [patrick]],
      [{ active: true, search: 'contoso' }, [uma]],
      [{ active: true, role: 'auditor' }, []],
    ])('by %j', async (query, expected) => {
      expect(await names(query)).toEqual(expected.toSorted());
    });

    it('says of each where their roles come from', async () => {
      const { items } = await list({ search: 'patrick' });
      expect(items).toMatchObject([
        { isActive: false, isAdmin: false, roles: [{ role: 'auditor', source: 'granted' }] },
      ]);
      expect((await list({ role: 'admin' })).items).toMatchObject([{ displayName: umit, isAdmin: true }]);
    });
  });

  it('API-01: understands its query, and refuses what is none', () => {
    expect(peopleQuerySchema.parse({ active: 'false', limit: '7' })).toEqual({
      active: false,
      limit: 7,
      sort: '-createdAt',
    });
    for (const odd of [
      { active: 'yes' },
      { sort: 'email' },
      { sort: '-' },
      { role: 'root' },
      { limit: '0' },
      { limit: '201' },
      { search: ['a', 'b'] },
      { search: 'x'.repeat(201) },
    ])
      expect(peopleQuerySchema.safeParse(odd).success).toBe(false);
  });
});
