import { Gauge, type Registry } from 'prom-client';
import { within } from '../deadline.ts';

/** What hangs must not keep the other metrics back: then they are wanted most. */
const timeoutMs = 2_000;

/** Looked at when the metrics are read. No value where there is none, or where nobody can say. */
export function observeGauge(
  registry: Registry,
  { name, help }: { name: string; help: string },
  read: () => number | null | Promise<number | null>,
): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      const value = await within(timeoutMs, Promise.resolve().then(read), name).catch(() => null);
      // Not reset(), which says 0.
      if (value === null) this.remove();
      else this.set(value);
    },
  });
  gauge.remove();
}

/** One look for all who want it at the same time: the metrics of a process are read all at once. */
export function oneLook<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let underWay: Promise<Seen> | null = null;
  return () => (underWay ??= look().finally(() => (underWay = null)));
}
