import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type OpenTestDatabase } from '../../../../test/support/database.ts';
import { Reencryption, type SealedColumn } from './reencryption.ts';
import { Sealer } from './sealer.ts';

const [old, current, lost] = ['old', 'current', 'lost'].map((id) => ({ id, key: randomBytes(32) }));
const columns: SealedColumn[] = [
  { table: 'letters', column: 'sealed', key: 'id', owner: (id) => `letter:${id}` },
];
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe('TOK-03, F23: re-encryption', () => {
  let test: OpenTestDatabase;
  const sealer = new Sealer([current!, old!]);
  beforeAll(async () => {
    test = await openTestDatabase([]);
    await test.database.rows('CREATE TABLE letters (id uuid PRIMARY KEY, sealed bytea NOT NULL)');
  });
  afterAll(() => test.close());
  beforeEach(() => test.database.rows('DELETE FROM letters'));

  const write = (number: number, by: Sealer | null) =>
    test.database.rows('INSERT INTO letters VALUES ($1, $2)', [
      idOf(number),
      by ? by.seal(`letter ${number}`, `letter:${idOf(number)}`) : Buffer.alloc(0),
    ]);
  const read = async (number: number, by: Sealer) => {
    const [row] = await test.database.rows<{ sealed: Buffer }>('SELECT sealed FROM letters WHERE id = $1', [
      idOf(number),
    ]);
    return by.open(row!.sealed, `letter:${idOf(number)}`);
  };
  const reencryption = (database = test.database) => new Reencryption(database, sealer, columns);
  const withOld = new Sealer([old!]);
  const withCurrent = new Sealer([current!]);

  it('seals everything anew, in batches, and the old key opens nothing that is needed any more', async () => {
    for (let number = 1; number <= 450; number += 1) await write(number, withOld);
    await write(451, withCurrent);
    await write(452, null);
    expect(Object.fromEntries(await reencryption().countByKey())).toEqual({ current: 1, old: 450, '': 0 });
    const told: number[] = [];
    const [letters] = await reencryption().run(({ resealed }) => told.push(resealed));
    expect(letters).toEqual({ table: 'letters', resealed: 450, unreadable: 0 });
    expect(told).toEqual([200, 400, 450]);
    expect(Object.fromEntries(await reencryption().countByKey())).toEqual({ current: 451, old: 0, '': 0 });
    for (const number of [1, 200, 450, 451]) expect(await read(number, withCurrent)).toBe(`letter ${number}`);
  });

  it('has nothing to do the second time', async () => {
    await write(1, withOld);
    await reencryption().run(() => undefined);
    const [letters] = await reencryption().run(() => undefined);
    expect(letters?.resealed).toBe(0);
  });

  it('goes on where it was stopped', async () => {
    for (let number = 1; number <= 300; number += 1) await write(number, withOld);
    const stopped = reencryption().run(() => {
      throw new Error('stopped');
    });
    await expect(stopped).rejects.toThrow('stopped');
    const [letters] = await reencryption().run(() => undefined);
    expect(letters?.resealed).toBe(100);
  });

  it('changes nothing that was written meanwhile', async () => {
    await write(1, withOld);
    const { database } = test;
    const interfering = Object.create(database) as typeof database;
    interfering.rows = async <Row>(sql: string, parameters?: unknown[]) => {
      if (sql.startsWith('UPDATE'))
        await database.rows('UPDATE letters SET sealed = $1', [withOld.seal('newer', `letter:${idOf(1)}`)]);
      return database.rows<Row>(sql, parameters);
    };
    const [letters] = await reencryption(interfering).run(() => undefined);
    expect(letters?.resealed).toBe(0);
    expect(await read(1, withOld)).toBe('newer');
    await reencryption().run(() => undefined);
    expect(await read(1, withCurrent)).toBe('newer');
  });

  it('TOK-02: leaves alone what it cannot open, and says how much that is', async () => {
    await write(1, new Sealer([lost!]));
    await write(2, withOld);
    await test.database.rows(
      `UPDATE letters SET sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1) WHERE id = $1`,
      [idOf(2)],
    );
    await write(3, withOld);
    const [letters] = await reencryption().run(() => undefined);
    expect(letters).toEqual({ table: 'letters', resealed: 1, unreadable: 2 });
    expect(Object.fromEntries(await reencryption().countByKey())).toEqual({ current: 1, old: 1, '': 1 });
  });
});
