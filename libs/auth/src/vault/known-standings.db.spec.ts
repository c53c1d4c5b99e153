import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuth, type OpenAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { KnownStandings } from './known-standings.ts';

describe('how a token stands, as pages ask', () => {
  let auth: OpenAuth;
  let standings: KnownStandings;
  let userId: string;
  beforeAll(async () => {
    auth = await openAuth();
    standings = new KnownStandings(auth.vault, auth.clock, auth.config, auth.bus);
    userId = (await auth.users.saveFromEntra(personFromEntra())).id;
  });
  afterAll(async () => {
    standings.onModuleDestroy();
    await auth.close();
  });

  const lasts = (seconds: number) => ({
    client: 'confidential' as const,
    cache: '{}',
    token: { accessToken: 'token', expiresAt: new Date(auth.clock.now().getTime() + seconds * 1000) },
  });
  const status = async () => (await standings.status(userId)).status;

  it('is what a sign-in, a wipe and an announcement leave, at once', async () => {
    expect(await status()).toBe('none');
    await auth.vault.replace(userId, lasts(3600));
    expect(await status()).toBe('fresh');
    await auth.vault.discard(userId);
    expect(await status()).toBe('none');
    await auth.vault.replace(userId, lasts(3600));
    expect(await status()).toBe('fresh');
    await auth.database.rows(`UPDATE token_caches SET failure_class = 'sign_in_again' WHERE user_id = $1`, [
      userId,
    ]);
    await auth.vault.announce(userId);
    expect(await status()).toBe('needs_interaction');
  });

  it('is not read again for two seconds, and still knows what time it is', async () => {
    await auth.vault.replace(userId, lasts(1));
    expect(await status()).toBe('expiring');
    await auth.database.rows('UPDATE token_caches SET expires_at = NULL WHERE user_id = $1', [userId]);
    auth.clock.advanceSeconds(1);
    expect(await status()).toBe('expired');
    auth.clock.advanceSeconds(1);
    expect(await status()).toBe('none');
  });
});
