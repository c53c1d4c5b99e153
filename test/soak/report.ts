import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from './invariants/grouped.ts';
import { recoveries } from './invariants/failures.ts';
import { growthOf } from './invariants/processes.ts';
import type { SoakResult } from './soak.ts';

const counted = (names: readonly string[]): string =>
  [...grouped(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`)
    .join('\n');

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export function reportOf({ journal, stored, breaches }: SoakResult): string {
  const { answers, sent, watches, faults, lives, endings } = journal;
  const slowest = grouped(recoveries(journal), ({ fault }) => fault.kind);
  const acknowledged = sent.filter(({ ackAt }) => ackAt !== null).length;
  const deltas = watches.reduce((sum, watch) => sum + watch.deltas.length, 0);
  const growths = lives.map(growthOf).filter((growth) => growth !== null);
  return [
    `Asked\n${counted(answers.map(({ route, status, code }) => `${status} ${code ?? ''} ${route}`))}`,
    `Answers stored\n${counted(stored.generations.map(({ status }) => status))}`,
    `Faults\n${counted(faults.map(({ kind }) => kind))}`,
    `Slowest until a write succeeded again, by fault\n${[...slowest]
      .map(
        ([kind, all]) => `  ${seconds(Math.max(...all.map(({ afterMs }) => afterMs))).padStart(8)}  ${kind}`,
      )
      .join('\n')}`,
    `${answers.length} operations, ${acknowledged} messages acknowledged, ${deltas} deltas heard, ${
      journal.signIns.filter(({ ackAt }) => ackAt !== null).length
    } sign-ins, ${endings.filter(({ ackAt }) => ackAt !== null).length} endings, ${faults.length} faults, ${
      lives.length
    } lives of processes, ${stored.verification.checked} audit entries`,
    `The last answer ended ${journal.allEndedAt === null ? 'never' : seconds(journal.allEndedAt - journal.calmAt)} after the last fault. ` +
      `Memory of the processes that lived long enough to tell: ${growths.map((growth) => `${growth.toFixed(2)}×`).join(', ') || 'none'}.`,
    breaches.length === 0
      ? 'No breach.'
      : `${breaches.length} breaches\n${[...grouped(breaches, ({ invariant }) => invariant)]
          .map(
            ([name, all]) =>
              `  ${name}: ${all.length}\n${all
                .slice(0, 8)
                .map(({ what }) => `      ${what}`)
                .join('\n')}`,
          )
          .join('\n')}`,
  ].join('\n\n');
}

/** All that was seen, for whoever looks for the cause. */
export function keep({ journal, stored, breaches }: SoakResult, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { lives, ...rest } = journal;
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('breaches.json', breaches);
  write('journal.json', { ...rest, toldOf: undefined });
  write('stored.json', stored);
  for (const { name, lines } of lives) writeFileSync(join(folder, `${name}.log`), lines.join('\n'));
}
