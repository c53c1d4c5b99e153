import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type OpenTestDatabase } from '../../../../test/support/database.ts';

describe('Database', () => {
  let test: OpenTestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([]);
    await test.database.rows('CREATE TABLE notes (text text PRIMARY KEY)');
  });
  afterAll(() => test.close());

  const notes = async () =>
    (await test.database.rows<{ text: string }>('SELECT text FROM notes ORDER BY 1')).map((n) => n.text);
  const write = (text: string) => test.database.rows('INSERT INTO notes VALUES ($1)', [text]);

  it('keeps nothing of a transaction that fails, and runs none of its acts', async () => {
    const acts: string[] = [];
    const failing = test.database.transaction(async () => {
      await write('lost');
      test.database.afterCommit(() => acts.push('lost'));
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await notes()).toEqual([]);
    expect(acts).toEqual([]);
  });

  it('joins the transaction that is already open', async () => {
    const failing = test.database.transaction(async () => {
      await test.database.transaction(() => write('inner'));
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow();
    expect(await notes()).toEqual([]);
  });

  it('runs the acts after the commit, outside the transaction', async () => {
    const seen: unknown[] = [];
    await test.database.transaction(async () => {
      test.database.afterCommit(() => seen.push(test.database.manager === test.dataSource.manager));
      await write('kept');
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual([true]);
    expect(await notes()).toEqual(['kept']);
  });

  it('keeps concurrent transactions apart', async () => {
    const work = Array.from({ length: 20 }, (_, index) =>
      test.database
        .transaction(async () => {
          await write(`row ${String(index).padStart(2, '0')}`);
          if (index % 2) throw new Error('on purpose');
        })
        .catch(() => undefined),
    );
    await Promise.all(work);
    expect((await notes()).filter((text) => text.startsWith('row'))).toHaveLength(10);
  });
});
