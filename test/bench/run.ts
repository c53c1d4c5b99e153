/**
 * `npm run bench [name …]`: runs test/bench/<name>.bench.ts, each in a process of its own, against the Postgres of
 * TEST_DATABASE_URL and an emulator that is started for it (after a build). Prints Markdown; ends with 1 where an aim was
 * missed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmulator } from '../support/stack.ts';
import { type BenchResult, isMet } from './bench.ts';

const suffix = '.bench.ts';

async function machine(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  await client.end();
  const date = new Date().toISOString().slice(0, 10);
  const cores = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  return `${date} · ${cores} · Node ${process.versions.node} · Postgres ${rows[0]?.version}`;
}

function run(name: string, env: Record<string, string>): Promise<BenchResult> {
  const args = ['--import', 'tsx', '--conditions', 'source', `test/bench/${name}${suffix}`];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TSX_TSCONFIG_PATH: 'test/bench/tsconfig.json', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (piece: Buffer) => (written += piece.toString()));
  return new Promise((resolve, reject) =>
    child.once('exit', (code) => {
      const line = written.split('\n').find((text) => text.startsWith('{"bench":'));
      if (line) resolve((JSON.parse(line) as { bench: BenchResult }).bench);
      else reject(new Error(`${name} ended with ${code} and reported nothing`));
    }),
  );
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const short = (value: number): number => Math.round(value * 100) / 100;

function print({ title, columns, rows, aims }: BenchResult): void {
  const bounds = aims.map((aim) => {
    const bound = aim.atMost === undefined ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`;
    return row([aim.what, short(aim.value), bound, isMet(aim) ? 'met' : '**missed**']);
  });
  const lines = [
    `## ${title}`,
    '',
    row(columns),
    row(columns.map(() => '---')),
    ...rows.map(row),
    '',
    row(['Aim', 'Measured', 'Bound', '']),
    row(['---', '---', '---', '---']),
    ...bounds,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const url = process.env.TEST_DATABASE_URL;
if (!url) throw new Error('Set TEST_DATABASE_URL to a Postgres on which databases may be made.');
const all = (await readdir('test/bench')).filter((file) => file.endsWith(suffix));
const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : all.map((file) => file.slice(0, -suffix.length)).toSorted();
const folder = await mkdtemp(join(tmpdir(), 'entrada-bench-'));
const emulator = await startEmulator(folder, 'http://localhost:3000');
try {
  process.stdout.write(`${await machine(url)}\n\n`);
  const env = {
    ...(emulator.ready.env as Record<string, string>),
    EMULATOR_URL: String(emulator.ready.httpUrl),
  };
  const results: BenchResult[] = [];
  for (const name of names) {
    const result = await run(name, env);
    print(result);
    results.push(result);
  }
  process.exitCode = results.every(({ aims }) => aims.every(isMet)) ? 0 : 1;
} finally {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
}
