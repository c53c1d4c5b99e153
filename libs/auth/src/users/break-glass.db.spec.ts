import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAuth, openAuth, personFromEntra } from '../../../../test/support/auth-kit.ts';
import { BreakGlass } from './break-glass.ts';
import type { PersonFromEntra } from './users.ts';

describe('break-glass', () => {
  let auth: OpenAuth;
  let breakGlass: BreakGlass;
  beforeAll(async () => {
    auth = await openAuth();
    breakGlass = new BreakGlass(auth.database, auth.clock, auth.audit);
  });
  afterAll(() => auth.close());
  beforeEach(() => auth.database.rows('DELETE FROM users'));

  const add = (changes: Partial<PersonFromEntra> = {}) =>
    auth.users.saveFromEntra(personFromEntra({ objectId: randomUUID(), ...changes }));
  const found = async (who: string) => (await breakGlass.find(who)).map(({ id }) => id).toSorted();

  it('finds somebody by address, object id or id, and all whom an address means', async () => {
    const [uma, twin] = [await add(), await add({ email: 'UMA@example.test' })];
    const other = await add({ email: null });
    expect(await found('Uma@Example.test')).toEqual([uma.id, twin.id].toSorted());
    expect(await found(other.objectId.toUpperCase())).toEqual([other.id]);
    expect(await found(other.id)).toEqual([other.id]);
    for (const nobody of ['uma@', 'uma@example%', '', 'null', randomUUID()])
      expect(await found(nobody)).toEqual([]);
  });

  it('makes them an active administrator and says who did it, without an actor', async () => {
    const { id } = await add();
    await auth.database.rows('UPDATE users SET is_active = false');
    expect(await breakGlass.grantAdmin(id, 'root')).toBe(true);
    expect(await auth.users.find(id)).toMatchObject({ isActive: true, grantedRoles: ['admin'] });
    expect((await auth.entries()).at(-1)).toMatchObject({
      action: 'user.role_granted',
      actor_id: null,
      details: { by: 'break-glass', osUser: 'root', before: { isActive: false }, after: { isActive: true } },
    });
  });

  it('does nothing twice', async () => {
    const { id } = await add();
    await breakGlass.grantAdmin(id, 'root');
    const before = (await auth.entries()).length;
    expect(await breakGlass.grantAdmin(id, 'root')).toBe(false);
    expect((await auth.entries()).length).toBe(before);
  });
});
