/**
 * Postgres without an installation: PGlite behind its socket, as a process of its own, so that the API speaks `pg` to
 * it as to any other. Run as `embedded-postgres.js FOLDER PORT`; says `{ "ready": true }` when it listens.
 */
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { withWholePipelines } from './whole-pipelines.ts';

/** The API's pool, the migration, and a few for whoever looks into the database by hand. */
const mostConnections = 30;

async function open(folder: string, port: number): Promise<() => Promise<void>> {
  const database = await PGlite.create(folder);
  const server = new PGLiteSocketServer({
    db: withWholePipelines(database),
    host: '127.0.0.1',
    port,
    maxConnections: mostConnections,
  });
  await server.start();
  return async () => {
    await server.stop();
    await database.close();
  };
}

const [folder = '', port = '0'] = process.argv.slice(2);
try {
  const close = await open(folder, Number(port));
  const end = () => void close().finally(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', () => undefined);
  // Whoever started it is gone.
  process.once('disconnect', end);
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
} catch (error) {
  const { code, message } = error as { code?: string; message?: string };
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `Port ${port} on 127.0.0.1 is taken; the embedded database needs it. Stop what listens there, or set DATABASE_PORT.\n`
      : `The database in ${folder} cannot be opened (${message ?? 'unknown reason'}). Move the folder away to start with an empty one.\n`,
  );
  process.exit(1);
}
