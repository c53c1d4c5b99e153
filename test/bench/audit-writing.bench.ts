/**
 * What chaining costs an audited act, with eight of them at once: nothing chained; queued and sealed behind the act, as it
 * is; and the way not taken, a link in the act's own transaction, which one at a time can write.
 */
import { openLog, type OpenLog } from './audit-rows.ts';

const writers = 8;
const each = Number(process.env.BENCH_ENTRIES ?? 8_000) / writers;
const rounds = 3;

const unchained = 'ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_queued';
const chainedInTheAct = `${unchained};
  CREATE TABLE head (sequence bigint NOT NULL, hash bytea NOT NULL);
  INSERT INTO head VALUES (0, '');
  CREATE TABLE direct (sequence bigint PRIMARY KEY, entry bigint UNIQUE, hash bytea);
  CREATE FUNCTION chain_directly() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE h head;
  BEGIN
    UPDATE head SET sequence = sequence + 1, hash = sha256(hash || convert_to(to_json(NEW)::text, 'UTF8')) RETURNING * INTO h;
    INSERT INTO direct VALUES (h.sequence, NEW.sequence, h.hash);
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER audit_entries_direct AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION chain_directly()`;

async function measure(what: string, prepare: string | null, seals: boolean): Promise<number> {
  const log: OpenLog = await openLog(writers + 2);
  if (prepare) await log.slowly(prepare);
  const times: number[] = [];
  const write = async () => {
    for (let index = 0; index < each; index += 1) {
      const start = performance.now();
      await log.database.transaction(async () => {
        await log.database.rows('SELECT FROM leases');
        await log.audit.record({ action: 'signed_out', details: { index } });
      });
      times.push(performance.now() - start);
    }
  };
  if (!seals) log.sealer.look = () => undefined;
  const start = performance.now();
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - start) / 1000;
  const [queue] = await log.database.rows<{ waiting: string }>(
    'SELECT count(*) AS waiting FROM audit_unsealed',
  );
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(
    `${what}: ${Math.round(times.length / seconds)} acts per second, median ${at(0.5)} ms, p95 ${at(0.95)} ms, ${queue?.waiting} not sealed at the end`,
  );
  await log.sealer.sealNow();
  await log.close();
  return seconds;
}

const ways = {
  'not chained': [unchained, false],
  'queued, not sealed': [null, false],
  'queued and sealed': [null, true],
  'chained in the act': [chainedInTheAct, false],
} as const;
type Way = keyof typeof ways;

// In turns, so that all meet the same machine.
const seconds = new Map<Way, number[]>();
for (let round = 1; round <= rounds; round += 1) {
  for (const way of Object.keys(ways) as Way[]) {
    const [prepare, seals] = ways[way];
    const taken = await measure(way, prepare, seals);
    seconds.set(way, [...(seconds.get(way) ?? []), taken]);
  }
}
const best = (way: Way) => Math.min(...(seconds.get(way) ?? []));
for (const way of seconds.keys())
  console.log(
    `${way}, best of ${rounds}, against not chained: ${(best(way) / best('not chained')).toFixed(2)}`,
  );
