import type { GenerationDelta, GenerationFinished, GenerationStarted, GenerationWaiting } from '#contracts';
import { topic } from '#platform';

/** What is numbered within a generation, under the name that it has on the socket. */
export type StreamEvent =
  | { name: 'generation:delta'; data: GenerationDelta }
  | { name: 'generation:finished'; data: GenerationFinished };

/** These have no number: nothing can be missed before the start, and a wait is over with the first delta. */
export type LiveEvent =
  | StreamEvent
  | { name: 'generation:started'; data: GenerationStarted }
  | { name: 'generation:waiting'; data: GenerationWaiting };

/**
 * What a generation tells as it happens, for the open tabs of its person and for those who follow it, on every process.
 * The stream log has a numbered event already when it is told.
 */
export const generationTold = topic<{ userId: string; event: LiveEvent }>('generation.told');

export const isFinal = ({ name }: StreamEvent): boolean => name === 'generation:finished';
