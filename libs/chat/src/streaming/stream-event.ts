import type { GenerationDelta, GenerationFinished } from '#contracts';

/** What is numbered within a generation, under the name that it has on the socket. */
export type StreamEvent =
  | { name: 'generation:delta'; data: GenerationDelta }
  | { name: 'generation:finished'; data: GenerationFinished };

export const isFinal = ({ name }: StreamEvent): boolean => name === 'generation:finished';
