import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, secondsAfter } from '#platform';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { failureClasses } from '../entra/entra-failure.ts';
import { PeopleFigures } from './people-figures.ts';
import { TokenHealth } from '../vault/token-health.ts';
import { tokenStatus } from '../vault/token-status.ts';

describe('how many people there are in which state', () => {
  let auth: OpenAuth;
  let health: TokenHealth;
  let figures: PeopleFigures;
  beforeAll(async () => {
    auth = await openAuth();
    health = new TokenHealth(auth.database, auth.clock, auth.config);
    figures = new PeopleFigures(auth.database, auth.clock, health);
  });
  afterAll(() => auth.close());

  const addPerson = async (place: number): Promise<string> => {
    const objectId = `33333333-3333-4333-8333-${String(place).padStart(12, '0')}`;
    return (await auth.users.saveFromEntra(personFromEntra({ objectId, email: `p${place}@example.test` })))
      .id;
  };

  it('is nothing before anybody came', async () => {
    const people = await figures.people();
    expect(people).toEqual({ total: 0, active: 0 });
    expect(await figures.sessions()).toEqual({ active: 0, people: 0 });
    expect(await figures.azureTokens(people)).toEqual({
      fresh: 0,
      expiring: 0,
      expired: 0,
      needs_interaction: 0,
      none: 0,
    });
  });

  it('counts every kind of row as the screen of its person names it', async () => {
    const now = auth.clock.now();
    const buffer = auth.config.refreshBufferSeconds;
    const ends = [null, ...[-1, 0, 1, buffer - 1, buffer, buffer + 1].map((s) => secondsAfter(now, s))];
    const rows = ends.flatMap((expiresAt) =>
      [null, ...failureClasses].map((failureClass) => ({ expiresAt, failureClass })),
    );
    const expected = { fresh: 0, expiring: 0, expired: 0, needs_interaction: 0, none: 2 };
    await addPerson(1000);
    await addPerson(1001);
    for (const [place, { expiresAt, failureClass }] of rows.entries()) {
      await addTokenRow(auth.database, await addPerson(place), expiresAt, failureClass);
      expected[tokenStatus({ expiresAt, failureClass, lastRefreshedAt: null }, now, buffer).status] += 1;
    }
    expect(Math.min(...Object.values(expected))).toBeGreaterThan(0);
    const people = await figures.people();
    expect(people.total).toBe(rows.length + 2);
    expect(await figures.azureTokens(people)).toEqual(expected);
  });

  it('counts live sessions, and those whose they are', async () => {
    const sessionOf = (userId: string) =>
      auth.sessions.issue({
        userId,
        method: 'device_code',
        remember: false,
        entraSessionId: null,
        browser: 'a browser',
        authenticatedAt: null,
      });
    const [one, other] = [await addPerson(2000), await addPerson(2001)];
    await sessionOf(one);
    await sessionOf(one);
    const { session } = await sessionOf(other);
    expect(await figures.sessions()).toEqual({ active: 3, people: 2 });
    await auth.database.rows('UPDATE sessions SET revoked_at = now() WHERE id = $1', [session.id]);
    expect(await figures.sessions()).toEqual({ active: 2, people: 1 });
    auth.clock.advanceSeconds(400 * 86_400);
    expect(await figures.sessions()).toEqual({ active: 0, people: 0 });
  });

  it('counts who may not sign in any more among the people, not among the active ones', async () => {
    const { total } = await figures.people();
    await auth.database.rows(`UPDATE users SET is_active = false WHERE email = 'p2000@example.test'`);
    expect(await figures.people()).toEqual({ total, active: total - 1 });
  });
});

const addTokenRow = (database: Database, userId: string, expiresAt: Date | null, failure: string | null) =>
  database.rows(
    `INSERT INTO token_caches (user_id, sealed, version, client, expires_at, failure_class, updated_at)
     VALUES ($1, '', 1, 'confidential', $2, $3, now())`,
    [userId, expiresAt, failure],
  );
