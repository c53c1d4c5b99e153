import type { DoneFault, Journal } from '../journal.ts';

/** What failed elsewhere is told as such by the one route that waits for the whole answer. */
const ofTheModel = new Set(['model_unavailable', 'model_timeout']);
const clearWithinMs = 3_000;

/** Failures are told as such: 503 with Retry-After, in words. Nothing hangs, nothing breaks without a reason. */
export function failuresTold({ answers, faults }: Journal): string[] {
  return answers.flatMap(({ status, code, hasRetryAfter, isProblem, route, person, begunAt, at }) => {
    const name = `${route} of ${person}`;
    if (status === -1) return [`${name} hung`];
    if (status === 0)
      return faults.some((fault) => fault.begunAt < at + 500 && fault.endedAt > begunAt - clearWithinMs)
        ? []
        : [`${name} lost its connection while nothing was wrong`];
    if (status < 500 || ofTheModel.has(code ?? '')) return [];
    if (status === 503 && hasRetryAfter && isProblem) return [];
    return [`${name} answered ${status} ${code}${isProblem ? '' : ', not as a problem'}`];
  });
}

const recoverWithinMs = 15_000;

export interface Recovery {
  fault: DoneFault;
  afterMs: number;
}

/** How long after each fault a write succeeded again; where another fault came in between, that one answers for it. */
export function recoveries({ faults, heartbeats }: Journal): Recovery[] {
  return faults.flatMap((fault) => {
    if (!heartbeats.some(({ begunAt }) => begunAt >= fault.endedAt)) return [];
    const well = heartbeats.find(({ begunAt, isWell }) => isWell && begunAt >= fault.endedAt);
    const at = well?.at ?? Infinity;
    const isDisturbed = faults.some(
      (other) => other !== fault && other.begunAt < at && other.endedAt > fault.endedAt,
    );
    return isDisturbed ? [] : [{ fault, afterMs: at - fault.endedAt }];
  });
}

/** Nobody had to mend anything. */
export const recovered = (journal: Journal): string[] =>
  recoveries(journal)
    .filter(({ afterMs }) => afterMs > recoverWithinMs)
    .map(({ fault, afterMs }) => `after “${fault.kind}” nothing could be written for ${afterMs} ms`);
