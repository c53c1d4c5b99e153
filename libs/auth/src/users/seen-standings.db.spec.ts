import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityOf, type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';

const group = '9a0b0000-0000-4000-8000-00000000b503';

describe('what Entra said of a person last', () => {
  let auth: OpenAuth;
  beforeAll(async () => void (auth = await openAuth()));
  afterAll(() => auth.close());

  const signIn = async (groups: string[], appRoles: string[] = []) => {
    const person = personFromEntra({ standing: { groups, appRoles } });
    await auth.signIn.signIn(identityOf(person, auth), {
      remember: false,
      browser: 'x',
      previousToken: null,
    });
    return (await auth.users.findByIdentity(person.tenantId, person.objectId))!.id;
  };

  it('is kept at each sign-in and each look at their roles, and nowhere in the log', async () => {
    const id = await signIn([group], ['viewer']);
    expect(await auth.standings.of(id)).toEqual({
      groups: [group],
      appRoles: ['viewer'],
      seenAt: auth.clock.now(),
    });
    auth.clock.advanceSeconds(60);
    await signIn([], []);
    expect(await auth.standings.of(id)).toEqual({ groups: [], appRoles: [], seenAt: auth.clock.now() });
    auth.clock.advanceSeconds(60);
    const standing = { groups: [group], appRoles: [] };
    await auth.review.review(id, { roles: ['user'], rolesByDefault: false, standing });
    expect(await auth.standings.of(id)).toEqual({ ...standing, seenAt: auth.clock.now() });
    expect(JSON.stringify(await auth.entries())).not.toContain(group);
  });

  it('stays where nothing could be had, and goes with the person', async () => {
    const id = await signIn([group]);
    await auth.review.review(id, { roles: ['user'], rolesByDefault: false });
    expect((await auth.standings.of(id))?.groups).toEqual([group]);
    await auth.database.rows('DELETE FROM users');
    expect(await auth.database.rows('SELECT FROM entra_standings')).toEqual([]);
    await auth.standings.keep(id, { groups: [], appRoles: [] });
    expect(await auth.standings.of(id)).toBeNull();
  });
});
