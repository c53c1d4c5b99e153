/** Which faults come when: a pure function of the seed, so that what a seed has found it finds again. */
import { Random } from './random.ts';

interface Nature {
  /** One fault at a time on each of these. */
  on: 'api' | 'postgres' | 'redis' | 'openai' | 'entra' | 'sockets' | 'nginx';
  lastsMs: readonly [least: number, most: number];
}

export const natures = {
  'api killed': { on: 'api', lastsMs: [0, 1_500] },
  'api drained': { on: 'api', lastsMs: [0, 500] },
  'postgres restarted': { on: 'postgres', lastsMs: [0, 2_500] },
  'postgres connections ended': { on: 'postgres', lastsMs: [0, 0] },
  'redis stopped': { on: 'redis', lastsMs: [500, 5_000] },
  'redis silent': { on: 'redis', lastsMs: [500, 5_000] },
  'azure busy': { on: 'openai', lastsMs: [1_000, 5_000] },
  'azure failing': { on: 'openai', lastsMs: [1_000, 5_000] },
  'azure cut': { on: 'openai', lastsMs: [1_000, 4_000] },
  'azure stalled': { on: 'openai', lastsMs: [500, 2_000] },
  'azure garbage': { on: 'openai', lastsMs: [1_000, 4_000] },
  'entra away': { on: 'entra', lastsMs: [1_000, 6_000] },
  'entra busy': { on: 'entra', lastsMs: [1_000, 6_000] },
  'entra grant invalid': { on: 'entra', lastsMs: [2_000, 6_000] },
  'sockets lost': { on: 'sockets', lastsMs: [0, 0] },
  'nginx reloaded': { on: 'nginx', lastsMs: [0, 0] },
} as const satisfies Record<string, Nature>;

export type FaultKind = keyof typeof natures;
export const faultKinds = Object.keys(natures) as FaultKind[];

export interface PlannedFault {
  /** Milliseconds after the begin. */
  at: number;
  kind: FaultKind;
  lastsMs: number;
  /** From 0 up to 1: which process, which person, which share of the sockets. */
  draw: number;
}

const calmBeforeMs = 3_000;
const calmAfterMs = 5_000;
const paceMs = 5_000;

/** Every kind comes once, in some order, before any comes again; what is no longer than a minute has each at least once. */
export function planOf(
  seed: number,
  seconds: number,
  kinds: readonly FaultKind[] = faultKinds,
): PlannedFault[] {
  const random = new Random(seed, 'faults');
  const spanMs = seconds * 1000 - calmBeforeMs - calmAfterMs;
  const rounds = Math.max(1, Math.floor(spanMs / (kinds.length * paceMs)));
  const order = Array.from({ length: rounds }, () => random.shuffled(kinds)).flat();
  const slotMs = spanMs / order.length;
  return order.map((kind, slot) => {
    const at = Math.floor(calmBeforeMs + (slot + random.next()) * slotMs);
    const [least, most] = natures[kind].lastsMs;
    return { at, kind, lastsMs: random.between(least, most), draw: random.next() };
  });
}

export const describePlan = (plan: readonly PlannedFault[]): string =>
  plan
    .map(
      ({ at, kind, lastsMs, draw }) =>
        `${(at / 1000).toFixed(1).padStart(6)} s  ${kind.padEnd(26)} ${lastsMs} ms  ${draw.toFixed(3)}`,
    )
    .join('\n');
