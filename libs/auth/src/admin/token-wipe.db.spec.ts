import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AzureToken } from '#contracts';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import type { CredentialSource } from '../vault/credential-source.ts';
import { azureTokenChanged } from '../vault/token-vault.ts';
import { TokenWipe } from './token-wipe.ts';

describe('wiping a person’s Azure tokens', () => {
  let auth: OpenAuth;
  let userId: string;
  let wipe: TokenWipe;
  const forgotten: { userId: string; rowsLeft: number }[] = [];
  beforeAll(async () => {
    auth = await openAuth();
    const { database, users, vault, audit } = auth;
    const credentials = {
      forget: async (id: string) =>
        void forgotten.push({ userId: id, rowsLeft: await auth.count('token_caches') }),
    } as unknown as CredentialSource;
    wipe = new TokenWipe(database, users, vault, credentials, audit);
  });
  afterAll(() => auth.close());
  beforeEach(async () => {
    await auth.database.rows('DELETE FROM users');
    forgotten.length = 0;
    const { session } = await auth.signIn.signIn(identityOf(personFromEntra(), auth), {
      remember: false,
      browser: 'browser',
      previousToken: null,
    });
    ({ userId } = session);
  });

  it('TOK-05: takes the row, then what lies outside, tells the screen, and is in the log; the session stays', async () => {
    const told: { userId: string; azureToken: AzureToken }[] = [];
    const unsubscribe = auth.bus.subscribe(azureTokenChanged, (event) => void told.push(event));
    await wipe.wipe(userId);
    unsubscribe();
    expect(forgotten).toEqual([{ userId, rowsLeft: 0 }]);
    expect(told).toEqual([
      { userId, azureToken: { status: 'none', expiresAt: null, lastRefreshedAt: null } },
    ]);
    expect((await auth.entries()).at(-1)).toMatchObject({ action: 'azure_token.wiped', outcome: 'success' });
    expect(await auth.sessions.hasLive(userId)).toBe(true);
    await expect(auth.tokens.accessToken(userId, auth.config.openAiScope)).rejects.toMatchObject({
      code: 'reauthentication_required',
    });
  });

  it('of somebody who is not there is not found, and forgets nothing', async () => {
    await auth.database.rows('DELETE FROM users');
    await expect(wipe.wipe(userId)).rejects.toMatchObject({ code: 'not_found' });
    expect(forgotten).toEqual([]);
  });

  it('does not happen when it cannot be written down', async () => {
    const broken = new TokenWipe(
      auth.database,
      auth.users,
      auth.vault,
      { forget: async () => void forgotten.push({ userId, rowsLeft: 0 }) } as unknown as CredentialSource,
      { record: () => Promise.reject(new Error('no log')) } as unknown as OpenAuth['audit'],
    );
    await expect(broken.wipe(userId)).rejects.toThrow('no log');
    expect([await auth.count('token_caches'), forgotten]).toEqual([1, []]);
  });
});
