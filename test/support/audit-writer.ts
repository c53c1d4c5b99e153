/**
 * A process that writes to the audit log as the API does, several writers at once, and seals: `audit-writer.ts URL WRITERS
 * EACH`. Every tenth transaction rolls back.
 */
import { auditEntities, AuditLog } from '#audit';
import { Clock, Database } from '#platform';
import { openDataSource } from '../../apps/api/src/database/data-source.ts';
import { ChainSealer } from '../../libs/audit/src/chain/chain-sealer.ts';

const [url = '', writers = '1', each = '1'] = process.argv.slice(2);
const dataSource = await openDataSource({
  url,
  poolSize: Number(writers) + 1,
  entities: auditEntities,
  onPoolError: () => undefined,
});
const database = new Database(dataSource);
const audit = new AuditLog(database, new Clock());
const sealer = new ChainSealer(database, audit);

async function write(): Promise<void> {
  for (let written = 0; written < Number(each); written += 1) {
    await database.transaction(() => audit.record({ action: 'signed_out', details: { written } }));
    if (written % 10 === 0) await abandon();
  }
}

async function abandon(): Promise<void> {
  const failing = database.transaction(async () => {
    await audit.record({ action: 'signed_out', details: { isAbandoned: true } });
    throw new Error('on purpose');
  });
  await failing.catch(() => undefined);
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(writers) }, write));
const seconds = (performance.now() - start) / 1000;
await sealer.sealNow();
await dataSource.destroy();
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
