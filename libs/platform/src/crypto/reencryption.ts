/**
 * Seals anew, with the first of ENCRYPTION_KEYS, what an older key has sealed. It runs beside the API: a value is replaced
 * only if it is still the one that was read. It can be stopped and begun again at any time, because a value says itself
 * which key it needs.
 */
import { Database } from '../database/database.ts';
import { Sealer, UnsealError } from './sealer.ts';

export interface SealedColumn {
  table: string;
  column: string;
  /** The primary key, a UUID. */
  key: string;
  /** To whom a value is bound. */
  owner(id: string): string;
}

export interface TableProgress {
  table: string;
  resealed: number;
  /** Of no key that is configured, or altered. */
  unreadable: number;
}

interface Row {
  id: string;
  sealed: Buffer;
}

const batchSize = 200;
const firstId = '00000000-0000-0000-0000-000000000000';

export class Reencryption {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly columns: readonly SealedColumn[],
  ) {}

  /** `progress` is told after each batch. */
  async run(progress: (soFar: TableProgress) => void): Promise<TableProgress[]> {
    const all: TableProgress[] = [];
    for (const column of this.columns) all.push(await this.table(column, progress));
    return all;
  }

  /** How many values each configured key seals now, over all tables; '' stands for none of them. */
  async countByKey(): Promise<Map<string, number>> {
    const counts = new Map([...this.sealer.keyIds, ''].map((id) => [id, 0]));
    const headers = this.sealer.keyIds.map((id) => this.sealer.headerOf(id));
    for (const { table, column } of this.columns) {
      const which = headers
        .map(
          (header, index) =>
            `WHEN substring(${column} FROM 1 FOR ${header.length}) = $${index + 1} THEN ${index}`,
        )
        .join(' ');
      const found = await this.database.rows<{ key: number; count: string }>(
        `SELECT CASE ${which} ELSE -1 END AS key, count(*) FROM ${table} WHERE length(${column}) > 0 GROUP BY 1`,
        headers,
      );
      for (const { key, count } of found) {
        const id = this.sealer.keyIds[key] ?? '';
        counts.set(id, (counts.get(id) ?? 0) + Number(count));
      }
    }
    return counts;
  }

  private async table(
    column: SealedColumn,
    progress: (soFar: TableProgress) => void,
  ): Promise<TableProgress> {
    const soFar: TableProgress = { table: column.table, resealed: 0, unreadable: 0 };
    for (let after = firstId; ;) {
      const rows = await this.next(column, after);
      for (const row of rows) await this.reseal(column, row, soFar);
      const last = rows.at(-1);
      if (!last) return soFar;
      progress({ ...soFar });
      after = last.id;
    }
  }

  /** Used sign-in attempts hold nothing any more. */
  private next({ table, column, key }: SealedColumn, after: string): Promise<Row[]> {
    const [current = ''] = this.sealer.keyIds;
    const header = this.sealer.headerOf(current);
    return this.database.rows<Row>(
      `SELECT ${key} AS id, ${column} AS sealed FROM ${table}
       WHERE ${key} > $1 AND length(${column}) > 0 AND substring(${column} FROM 1 FOR $2::int) <> $3
       ORDER BY ${key} LIMIT ${batchSize}`,
      [after, header.length, header],
    );
  }

  private async reseal(
    { table, column, key, owner }: SealedColumn,
    { id, sealed }: Row,
    soFar: TableProgress,
  ): Promise<void> {
    try {
      const anew = this.sealer.seal(this.sealer.open(sealed, owner(id)), owner(id));
      const changed = await this.database.rows(
        `UPDATE ${table} SET ${column} = $3 WHERE ${key} = $1 AND ${column} = $2 RETURNING ${key}`,
        [id, sealed, anew],
      );
      soFar.resealed += changed.length;
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      soFar.unreadable += 1;
    }
  }
}
