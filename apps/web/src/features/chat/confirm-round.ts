/**
 * A message that Azure refuses until the person has confirmed who they are: they go to Microsoft, and back in the same
 * conversation it is sent again by itself. Where Azure refuses it even so, a second round is offered, and then no more:
 * a rule that cannot be met from here would lead round in circles.
 */
import { z } from 'zod';
import { keep, readKept } from '../../lib/tab-storage.ts';

const roundSchema = z.object({
  /** The conversation, as drafts name it. */
  place: z.string(),
  /** The refused answer, to be written anew; null when the message itself was refused, or nothing was yet. */
  answerId: z.uuid().nullable(),
  /** Counted until an answer arrives. */
  rounds: z.number().int().positive(),
});
type ConfirmRound = z.infer<typeof roundSchema>;

const key = 'confirm-round';
const mostRounds = 2;

export function nextRound(before: ConfirmRound | null, place: string, answerId: string | null): ConfirmRound {
  return { place, answerId, rounds: (before?.place === place ? before.rounds : 0) + 1 };
}

export const isLastRound = (round: ConfirmRound | null): boolean =>
  round !== null && round.rounds >= mostRounds;

export function readRound(place: string): ConfirmRound | null {
  const kept = roundSchema.safeParse(readKept(key));
  return kept.success && kept.data.place === place ? kept.data : null;
}

export function keepRound(place: string, answerId: string | null): void {
  keep(key, nextRound(readRound(place), place, answerId));
}

export function forgetRound(place: string): void {
  if (readRound(place) !== null) keep(key, null);
}
