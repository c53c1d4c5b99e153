/** What a benchmark tells the runner: a table, and what was aimed at. Ratios within one run, so that any machine can tell. */
export interface Aim {
  what: string;
  value: number;
  atMost?: number;
  atLeast?: number;
}

export interface BenchResult {
  title: string;
  columns: string[];
  rows: (string | number)[][];
  aims: Aim[];
}

export const isMet = ({ value, atMost = Infinity, atLeast = -Infinity }: Aim): boolean =>
  value <= atMost && value >= atLeast;

/** The last thing that a benchmark does. */
export function report(result: BenchResult): void {
  process.stdout.write(`${JSON.stringify({ bench: result })}\n`);
}

export const median = (values: number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const percentile = (values: number[], part: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * part)] ?? Number.NaN;
export const p95 = (values: number[]): number => percentile(values, 0.95);

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
