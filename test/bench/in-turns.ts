/** The same question to two databases, in turns, so that both meet the same machine. */
import { milliseconds } from './bench.ts';

const batches = 12;
const perBatch = 40;

const p95 = (times: number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? Number.NaN;

/**
 * The 95th percentile of each, in milliseconds: of twelve batches the one that was least disturbed, since what else the
 * machine does makes a time longer and never shorter.
 */
export async function p95InTurns<Asked>(
  asked: readonly Asked[],
  ask: (of: Asked, round: number) => Promise<unknown>,
): Promise<number[]> {
  const least = asked.map(() => Infinity);
  for (let batch = 0; batch <= batches; batch += 1) {
    const times = asked.map((): number[] => []);
    for (let round = 0; round < perBatch; round += 1) {
      // In no fixed order: our own garbage, collected after so many calls, would always fall on the same one.
      const turns = [...asked.entries()];
      if (Math.random() < 0.5) turns.reverse();
      for (const [index, of] of turns) times[index]?.push(await milliseconds(() => ask(of, round)));
    }
    // The first is for the caches.
    if (batch > 0)
      for (const [index, each] of times.entries()) least[index] = Math.min(p95(each), least[index]!);
  }
  return least;
}
