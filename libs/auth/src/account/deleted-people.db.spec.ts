import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { secondsAfter } from '#platform';
import { longestTokenSeconds } from '../entra/access-token-life.ts';
import { DeletedPeople } from './deleted-people.ts';

/** Every process admits by itself what it has not seen; what they share is the database. */
describe('SES-06: a script of somebody who was deleted', () => {
  let auth: OpenAuth;
  beforeAll(async () => void (auth = await openAuth()));
  afterAll(() => auth.close());

  const uma = personFromEntra();
  const clientId = 'a script';
  const admit = (issuedAt: Date) => auth.signIn.admit(uma, { clientId, issuedAt });
  const known = () => auth.users.findByIdentity(uma.tenantId, uma.objectId);
  const refused = { code: 'not_authenticated' };

  it('is not let in by a token from before, and nothing of them comes back', async () => {
    const issuedAt = auth.clock.now();
    const { id } = await admit(issuedAt);
    auth.clock.advanceSeconds(600);
    await auth.personChanges.remove(id, id);
    await expect(admit(issuedAt)).rejects.toMatchObject(refused);
    // Entra's clock may go before ours.
    await expect(admit(secondsAfter(auth.clock.now(), 59))).rejects.toMatchObject(refused);
    expect(await known()).toBeNull();
    expect((await auth.entries()).filter(({ action }) => action === 'user.created')).toHaveLength(1);
  });

  it('is somebody new with a token from after', async () => {
    auth.clock.advanceSeconds(120);
    await admit(auth.clock.now());
    expect(await known()).toMatchObject({ displayName: uma.displayName });
  });

  it('is not let in either once they have signed in anew, and what they have since stays', async () => {
    const before = secondsAfter(auth.clock.now(), -3600);
    await expect(admit(before)).rejects.toMatchObject(refused);
    expect(await known()).not.toBeNull();
  });

  it('is not let in while they are being deleted', async () => {
    const { id } = (await known())!;
    auth.clock.advanceSeconds(600);
    const issuedAt = secondsAfter(auth.clock.now(), -300);
    const [, admitted] = await Promise.allSettled([auth.personChanges.remove(id, id), admit(issuedAt)]);
    if (admitted.status === 'rejected') expect(admitted.reason).toMatchObject(refused);
    expect(await known()).toBeNull();
  });

  it('is remembered as long as a token can live, and no longer', async () => {
    const deleted = new DeletedPeople(auth.database, auth.clock);
    const rows = () => auth.database.rows('SELECT FROM deleted_people');
    auth.clock.advanceSeconds(longestTokenSeconds);
    await deleted.forget();
    expect(await rows()).toHaveLength(1);
    auth.clock.advanceSeconds(180);
    await auth.endings.cleanUp();
    expect(await rows()).toHaveLength(0);
  });
});
