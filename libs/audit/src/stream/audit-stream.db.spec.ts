import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Leases } from '#platform';
import { AuditConfig } from '../config/audit-environment.ts';
import type { SealedEntry } from '../reading/entry-row.ts';
import { openAudit, type OpenAudit } from '../../test/audit-kit.ts';
import { type AuditSink, sinkOf } from './audit-sink.ts';
import { AuditStream } from './audit-stream.ts';

describe('the audit stream', () => {
  let log: OpenAudit;
  let folder: string;
  let path: string;
  beforeEach(async () => {
    log = await openAudit();
    folder = await mkdtemp(join(tmpdir(), 'entrada-test-'));
    path = join(folder, 'audit.jsonl');
  });
  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });
  const streamTo = (open: (path: string) => AuditSink = sinkOf, leases = log.leases) =>
    new AuditStream(
      log.database,
      log.clock,
      leases,
      log.entries,
      new AuditConfig({ AUDIT_RETENTION_DAYS: 365, AUDIT_STREAM: path }),
      open,
    );
  const written = async () =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SealedEntry & { type: string });
  const sequences = async () => (await written()).map(({ sequence }) => sequence);

  it('hands on every sealed entry, in order, each as one line with its hash', async () => {
    await log.recordMany(3);
    const stream = streamTo();
    await stream.look();
    // Not told to the sealer.
    await log.database.rows(
      `INSERT INTO audit_entries (occurred_at, action, outcome) VALUES (now(), 'late', 'success')`,
    );
    await stream.look();
    expect(await sequences()).toEqual([1, 2, 3]);
    await log.sealer.sealNow();
    await stream.look();
    expect(await sequences()).toEqual([1, 2, 3, 4]);
    expect((await written()).at(-1)).toMatchObject({
      type: 'audit',
      action: 'late',
      hash: log.sealer.head?.hash,
    });
  });

  it('F31: LOG-04: loses nothing and hinders nobody while its sink is away, and catches up', async () => {
    await mkdir(path);
    const stream = streamTo();
    await log.database.rows(
      `INSERT INTO audit_entries (occurred_at, action, outcome) SELECT now(), 'many', 'success' FROM generate_series(1, 1200)`,
    );
    await log.sealer.sealNow();
    await stream.look();
    await log.recordMany(1);
    await stream.look();
    await rename(path, `${path}-away`);
    await stream.look();
    expect(await sequences()).toEqual(Array.from({ length: 1_201 }, (_, index) => index + 1));
  });

  it('goes on after a restart where it was, and repeats what it is not sure of', async () => {
    await log.recordMany(2);
    await streamTo().look();
    await log.recordMany(2);
    const dying: AuditSink = {
      async write(lines) {
        await sinkOf(path).write(lines);
        throw new Error('the process ends here');
      },
    };
    await streamTo(() => dying).look();
    await streamTo().look();
    expect(await sequences()).toEqual([1, 2, 3, 4, 3, 4]);
  });

  it('is written by one process at a time', async () => {
    await log.recordMany(2);
    await streamTo().look();
    await log.recordMany(1);
    const other = streamTo(sinkOf, new Leases(log.database, log.clock));
    await other.look();
    expect(await sequences()).toEqual([1, 2]);
    log.clock.advanceSeconds(31);
    await other.look();
    expect(await sequences()).toEqual([1, 2, 3]);
  });
});
