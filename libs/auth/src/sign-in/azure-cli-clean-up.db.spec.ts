import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAuth, openAuth } from '../../../../test/support/auth-kit.ts';
import { azureCliKit, startOver } from '../../../../test/support/azure-cli-kit.ts';

describe('what nobody needs any more', () => {
  let auth: OpenAuth;
  beforeAll(async () => {
    auth = await openAuth();
  });
  afterAll(() => auth.close());
  beforeEach(() => startOver(auth));

  const kit = () => azureCliKit(auth);

  it('goes at start and every minute; what is under way or younger than that stays', async () => {
    const { begin, cleanUp, folders, pending } = await kit();
    const { attemptId } = await begin();
    mkdirSync(folders.pending('wiped-someone'));
    await cleanUp.onApplicationBootstrap();
    expect(pending().toSorted()).toEqual([attemptId, 'wiped-someone'].toSorted());
    auth.clock.advanceSeconds(600);
    await cleanUp.onApplicationBootstrap();
    expect(pending()).toEqual([attemptId]);
  });

  it('TOK-05: the folder of somebody disabled or deleted goes at once, signing out keeps it', async () => {
    const { approved, complete, cleanUp, users, folders } = await kit();
    cleanUp.onModuleInit();
    const { session } = await complete(await approved());
    await auth.endings.end(session.userId, session.id, { why: 'signed_out', by: session.userId });
    expect([users(), await auth.count('token_caches')]).toEqual([[session.userId], 0]);
    await auth.personChanges.update(session.userId, { displayName: 'Uma P.' }, session.userId);
    expect(users()).toEqual([session.userId]);
    await auth.personChanges.update(session.userId, { isActive: false }, session.userId);
    await expect.poll(users).toEqual([]);
    await folders.create('left');
    await folders.adopt('left', session.userId);
    await auth.personChanges.remove(session.userId, session.userId);
    await expect.poll(users).toEqual([]);
  });

  it('goes also when nobody was told of the change', async () => {
    const { approved, complete, cleanUp, users } = await kit();
    await complete(await approved());
    auth.clock.advanceSeconds(600);
    await cleanUp.cleanUp();
    expect(users()).toHaveLength(1);
    await auth.database.rows('DELETE FROM users');
    await cleanUp.cleanUp();
    expect(users()).toEqual([]);
  });

  it('a move cut off by a crash is put right at start', async () => {
    const { approved, complete, cleanUp, folders } = await kit();
    const { session } = await complete(await approved());
    const own = folders.ofUser(session.userId);
    renameSync(own, `${own}.replaced`);
    await cleanUp.onApplicationBootstrap();
    expect(existsSync(own)).toBe(true);
  });
});
