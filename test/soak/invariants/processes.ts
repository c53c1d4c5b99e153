import type { Journal, ProcessLife } from '../journal.ts';

const warmUpMs = 60_000;
const most = { growth: 2.5, handles: 400 };

/** Of a life long enough to tell: the median memory of its last minute against that of the minute after the warm-up. */
export function growthOf({ startedAt, samples }: Pick<ProcessLife, 'startedAt' | 'samples'>): number | null {
  const last = samples.at(-1)?.at ?? startedAt;
  if (last - startedAt < 4 * warmUpMs) return null;
  const median = (from: number, to: number) =>
    samples
      .filter(({ at }) => at >= from && at <= to)
      .map(({ rssBytes }) => rssBytes)
      .toSorted((one, other) => one - other)
      .at(5)!;
  return median(last - warmUpMs, last) / median(startedAt + warmUpMs, startedAt + 2 * warmUpMs);
}

/** Memory and handles stay within bounds. */
export const boundedProcesses = ({ lives }: Journal): string[] =>
  lives.flatMap((life) => {
    const growth = growthOf(life);
    const handles = Math.max(0, ...life.samples.map((sample) => sample.handles));
    return [
      ...(growth !== null && growth > most.growth ? [`${life.name} grew ${growth.toFixed(1)} times`] : []),
      ...(handles > most.handles ? [`${life.name} held ${handles} handles`] : []),
    ];
  });

/** No process ends by itself. */
export const livesEndedOnOrder = ({ lives }: Journal): string[] =>
  lives
    .filter(({ endedAt, wasOrdered }) => endedAt !== null && !wasOrdered)
    .map(({ name, lines }) => `${name} ended by itself: ${lines.slice(-3).join(' | ')}`);

/** Two kinds of loss are told at level error while the database is away; see docs/operations.md. */
const expected = /"msg":"(an audit entry was lost|a failed sign-in could not be recorded)"/;
const unwanted = /"level":"(error|fatal)"/;

/** Nothing that somebody would have to look after: no rejection without a listener, no failure without a name, no noise. */
export const quietLogs = ({ lives }: Journal): string[] =>
  lives.flatMap(({ name, lines }) =>
    lines
      .filter((line) => (unwanted.test(line) && !expected.test(line)) || !line.startsWith('{'))
      .map((line) => `${name} wrote: ${line.slice(0, 1500)}`),
  );

/** What people write is in no log. */
export const noTextInLogs = ({ lives }: Journal): string[] =>
  lives.flatMap(({ name, lines }) =>
    lines
      .filter((line) => line.includes('canary.'))
      .map((line) => `${name} logged a text: ${line.slice(0, 200)}`),
  );
