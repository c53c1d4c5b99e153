import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { withWholePipelines } from './whole-pipelines.ts';

/**
 * Statements of nine connections that have all waited for the transaction of a tenth. Each must be answered with its
 * own parameter; returns how many were not.
 */
async function mixedUp(open: (database: PGlite) => PGlite): Promise<number> {
  const database = await PGlite.create();
  const server = new PGLiteSocketServer({
    db: open(database),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 20,
  });
  await server.start();
  const connectionString = `postgres://postgres@${server.getServerConn()}/postgres`;
  const pool = new Pool({ connectionString, max: 10 });
  try {
    const connections = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
    const [busy, ...others] = connections;
    others.forEach((connection) => connection.release());
    await busy!.query('BEGIN');
    const asked = Array.from({ length: 100 }, (_, index) => `mine ${index}`);
    const answering = asked.map((text) => pool.query('SELECT $1::text AS text', [text]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await busy!.query('COMMIT');
    busy!.release();
    const answers = await Promise.allSettled(answering);
    return answers.filter(
      (answer, at) => answer.status === 'rejected' || answer.value.rows[0]?.text !== asked[at],
    ).length;
  } finally {
    await pool.end();
    await server.stop();
    await database.close();
  }
}

describe('withWholePipelines', () => {
  it('runs every statement with its own parameters, whoever else speaks at the time', async () => {
    expect(await mixedUp(withWholePipelines)).toBe(0);
  });

  it('is still needed: the socket server alone mixes them up', async () => {
    expect(await mixedUp((database) => database)).toBeGreaterThan(0);
  });
});
