/** A Postgres of one's own, to be restarted at will: the binaries of the system in a temporary folder. */
import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../support/free-port.ts';

const execute = promisify(execFile);
const installed = '/usr/lib/postgresql';
const folderOfBinaries = (): string | null => {
  const versions = existsSync(installed) ? readdirSync(installed).toSorted() : [];
  const found = versions
    .map((version) => join(installed, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')));
  return found ?? null;
};
export const hasPostgres = folderOfBinaries() !== null;

export interface PostgresServer {
  url: string;
  /** As by a crash: whatever was under way is gone, whatever was committed is not. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends every connection but the one that says so. */
  endConnections(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = folderOfBinaries();
  if (!bin) throw new Error(`no initdb below ${installed}`);
  const folder = mkdtempSync(join(tmpdir(), 'entrada-postgres-'));
  const port = await freePort();
  // Postgres refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const command = [join(bin, program), ...args].map((word) => `'${word}'`).join(' ');
    await execute(
      isRoot ? 'su' : 'sh',
      [...(isRoot ? ['postgres'] : []), '-c', `${command} >/dev/null 2>&1`],
      {
        cwd: folder,
      },
    );
  };
  const data = join(folder, 'data');
  // The machine itself does not fail, so nothing has to wait for its disk.
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200 -c fsync=off`;
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const server: PostgresServer = {
    url,
    crash: () => run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']),
    start: () => run('pg_ctl', ['-D', data, '-w', '-o', settings, '-l', join(folder, 'log'), 'start']),
    async endConnections() {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
      );
      await client.end();
    },
    async remove() {
      await server.crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres']);
  await server.start();
  return server;
}
