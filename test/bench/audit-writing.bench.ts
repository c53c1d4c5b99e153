/**
 * What chaining costs an audited act, with eight of them at once: nothing chained; queued and sealed behind the act, as it
 * is; and the way not taken, a link in the act's own transaction, which one at a time can write.
 */
import { openLog, type OpenLog } from './audit-rows.ts';
import { median, milliseconds, report } from './bench.ts';

const writers = 8;
const each = Number(process.env.BENCH_ENTRIES ?? 800) / writers;
const rounds = 15;

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

interface Way {
  prepare: string | null;
  seals: boolean;
  atMost?: number;
}
const ways: Record<string, Way> = {
  'not chained': { prepare: unchained, seals: false },
  'queued, not sealed': { prepare: null, seals: false },
  'queued, and sealed meanwhile': { prepare: null, seals: true, atMost: 2 },
  'chained in the act': { prepare: chainedInTheAct, seals: false },
};

async function open({ prepare, seals }: Way): Promise<OpenLog> {
  const log = await openLog(writers + 2);
  if (prepare) await log.slowly(prepare);
  if (!seals) log.sealer.look = () => undefined;
  return log;
}

/** Milliseconds until all have committed. */
const write = (log: OpenLog): Promise<number> => {
  const writer = async () => {
    for (let index = 0; index < each; index += 1)
      await log.database.transaction(async () => {
        await log.database.rows('SELECT FROM leases');
        await log.audit.record({ action: 'signed_out', details: { index } });
      });
  };
  return milliseconds(() => Promise.all(Array.from({ length: writers }, writer)));
};

const measured = await Promise.all(
  Object.entries(ways).map(async ([name, way]) => ({
    name,
    way,
    log: await open(way),
    times: [] as number[],
  })),
);
// In turns, so that all meet the same machine; what one leaves to seal is sealed before the next begins.
for (let round = -1; round < rounds; round += 1)
  for (const { way, log, times } of measured) {
    const took = await write(log);
    if (way.seals) await log.sealer.sealNow();
    if (round >= 0) times.push(took);
  }
for (const { log } of measured) await log.close();

const acts = each * writers;
const [plain = []] = measured.map(({ times }) => times);
const against = (times: number[]): number =>
  median(times.map((took, round) => took / (plain[round] ?? Number.NaN)));
report({
  title: 'An act with its entry, eight at once',
  columns: ['Way', 'Acts per second, median', `Time against not chained, median of ${rounds}`],
  rows: measured.map(({ name, times }) => [
    name,
    Math.round(acts / (median(times) / 1000)),
    against(times).toFixed(2),
  ]),
  aims: measured.flatMap(({ name, way: { atMost }, times }) =>
    atMost === undefined ? [] : [{ what: name, value: against(times), atMost }],
  ),
});
