import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';

describe('the vault of Azure tokens', () => {
  let auth: OpenAuth;
  let userId: string;
  beforeAll(async () => {
    auth = await openAuth();
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM token_caches');
    const person = personFromEntra();
    ({ id: userId } = await auth.users.saveFromEntra(person));
    await auth.vault.replace(userId, identityOf(person, auth).credentials);
  });

  const wipes = async () =>
    (await auth.entries())
      .filter(({ action }) => action === 'azure_token.wiped')
      .map(({ details }) => details);

  it('TOK-01: shows nothing of them in the table', async () => {
    const rows = await auth.database.rows(`SELECT *, encode(sealed, 'escape') AS text FROM token_caches`);
    expect(JSON.stringify(rows)).not.toMatch(/token-0|"cache"/);
  });

  it('TOK-01: a challenge that is kept is sealed as well', async () => {
    const { cache } = identityOf(personFromEntra(), auth).credentials;
    const challenge = '{"canary":1}';
    await auth.vault.replace(userId, { client: 'public', cache, token: 'interaction', challenge });
    const rows = await auth.database.rows(`SELECT *, encode(sealed, 'escape') AS text FROM token_caches`);
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect((await auth.rows.find(userId))?.content.challenge).toBe(challenge);
  });

  it('TOK-05: goes with its person', async () => {
    await auth.database.rows('DELETE FROM users WHERE id = $1', [userId]);
    expect(await auth.count('token_caches')).toBe(0);
  });

  it('TOK-05: a wipe is written down, once, with its reason', async () => {
    const before = (await wipes()).length;
    await auth.vault.wipe(userId);
    await auth.vault.wipe(userId);
    expect((await wipes()).slice(before)).toEqual([{ why: 'last_session_ended' }]);
    expect(await auth.count('token_caches')).toBe(0);
  });

  it('TOK-05: so is one of somebody whose sessions have run out', async () => {
    const before = (await wipes()).length;
    auth.clock.advanceSeconds(61);
    await auth.vault.wipeWithoutSession();
    expect((await wipes()).slice(before)).toEqual([{ why: 'sessions_expired' }]);
  });

  it('a sign-in takes the lease of a refresh under way, and brings what falls due next', async () => {
    await auth.rows.lease(userId);
    const { credentials } = identityOf(personFromEntra(), auth);
    await auth.vault.replace(userId, credentials);
    const held = (await auth.rows.find(userId))!;
    expect(held.row).toMatchObject({ leaseHolder: null, leaseUntil: null, version: 2 });
    expect(held.row.refreshDueAt! <= secondsAfter(auth.clock.now(), 3300)).toBe(true);
    expect(held.row.refreshDueAt! >= secondsAfter(auth.clock.now(), 3000)).toBe(true);
  });
});
