/** What everybody in a soak has in common. */
import type { Installation } from './installation.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';

/** A session as whoever would go on using it after its end has it. */
export interface KnownSession {
  person: string;
  userId: string;
  cookie: string;
  /** Of `POST /api/auth/token`. */
  token: string | null;
}

export interface Scene {
  seed: number;
  journal: Journal;
  installation: Installation;
  /** By id, those that were ended included. */
  sessions: Map<string, KnownSession>;
  /** People stop beginning things. */
  isOver: boolean;
}

/** Everything that somebody writes has their name in it, so that it can be told wherever it comes up. */
export const textOf = (person: string, words: string): string => `${words} canary.${person}. ${words}`;
const canary = /canary\.([a-z0-9-]+)\./g;

/** Looks whether a text that reached `reader` holds one of somebody else. */
export function readAs(reader: string, text: string, where: string, { journal }: Scene): void {
  for (const [, belongsTo] of text.matchAll(canary))
    if (belongsTo && belongsTo !== reader) journal.strayTexts.push({ reader, belongsTo, where });
}

const words = 'tea rain bread river lamp paper cloud stone garden window music summer'.split(' ');
export const someWords = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.pick(words)).join(' ');
