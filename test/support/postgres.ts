/**
 * A Postgres of one's own for a spec file, to be stopped, restarted, filled and restored: a cluster in a folder of its own, from
 * the binaries of the system's package.
 */
import { execFile, execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rowsAt, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

const binaries = ((): string | undefined => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .filter((version) => Number(version) >= 15)
    .map((version) => join(root, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
})();

/** For `describe.skipIf`: says aloud what is not tried, and in CI it is tried or fails. */
export const noPostgres = binaries === undefined && !process.env.CI;
if (noPostgres) console.warn('No Postgres is installed: what happens when it fails is NOT tested.');

/** It refuses to run as root. */
const account = (name: '-u' | '-g'): number =>
  Number(execFileSync('id', [name, 'postgres'], { encoding: 'utf8' }));
const owner = () => (process.getuid?.() === 0 ? { uid: account('-u'), gid: account('-g') } : {});

/** The role of an installation: it owns its database and is not the server's administrator. */
const role = 'entrada';

export interface PostgresServer {
  /** Its own, writable by its programs. */
  folder: string;
  port: number;
  /** As the server's administrator, who gets in when nobody else does. */
  adminUrl: string;
  /** A new, empty database of the installation's role. */
  createDatabase(name?: string, more?: string): Promise<TestDatabase>;
  /** One of its programs, as the operator would call it. */
  tool(name: string, ...args: string[]): Promise<string>;
  start(): Promise<void>;
  stop(mode: 'immediate' | 'fast'): Promise<void>;
  close(): Promise<void>;
}

export async function startPostgres(settings: Record<string, string | number> = {}): Promise<PostgresServer> {
  if (!binaries) throw new Error('Postgres is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'entrada-postgres-'));
  const port = await freePort();
  const as = owner();
  const tool = async (name: string, ...args: string[]): Promise<string> =>
    (await run(join(binaries, name), args, { ...as, cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;
  if (as.uid !== undefined) await chown(folder, as.uid, as.gid!);
  const data = join(folder, 'data');
  await tool('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync');
  const flags = Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    fsync: 'off',
    ...settings,
  }).map(([name, value]) => `-c ${name}=${value}`);
  const control = (...args: string[]) => tool('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), ...args);
  const url = (user: string, database: string) => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const server: PostgresServer = {
    folder,
    port,
    adminUrl: url('postgres', 'postgres'),
    tool,
    async createDatabase(name = 'entrada', more = '') {
      await asAdmin(server, `CREATE DATABASE ${name} OWNER ${role} ${more}`);
      const own = url(role, name);
      return {
        url: own,
        kind: 'postgres',
        rows: (sql, values) => rowsAt(own, sql, values),
        close: () => Promise.resolve(),
      };
    },
    start: async () => void (await control('-o', flags.join(' '), 'start')),
    stop: async (mode) => void (await control('-m', mode, 'stop')),
    async close() {
      await server.stop('immediate').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  await asAdmin(server, `CREATE ROLE ${role} LOGIN`);
  return server;
}

/** Each statement by itself, in a connection of the administrator's own. */
export async function asAdmin<Row = unknown>(
  { adminUrl }: Pick<PostgresServer, 'adminUrl'>,
  sql: string,
  database?: TestDatabase,
): Promise<Row[]> {
  const url = new URL(adminUrl);
  if (database) url.pathname = new URL(database.url).pathname;
  return rowsAt(url.href, sql);
}

/** A folder on a file system of that size, which can be filled; null where this account may not mount one. */
export async function smallDisk(
  megabytes: number,
): Promise<{ folder: string; remove(): Promise<void> } | null> {
  const folder = await mkdtemp(join(tmpdir(), 'entrada-disk-'));
  const { uid = process.getuid?.() ?? 0 } = owner();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700,uid=${uid}`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    async remove() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
