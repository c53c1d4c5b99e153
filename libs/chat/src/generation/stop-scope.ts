import { topic } from '#platform';

/** One generation, everything of a session, or everything of a person. */
export type StopScope = { generationId: string } | { sessionId: string } | { userId: string };

/** Reaches whichever process runs them. */
export const stopRequested = topic<StopScope>('generation.stop-requested');

export function isWithin(
  { id, sessionId, userId }: { id: string; sessionId: string | null; userId: string },
  scope: StopScope,
): boolean {
  if ('generationId' in scope) return scope.generationId === id;
  return 'sessionId' in scope ? scope.sessionId === sessionId : scope.userId === userId;
}
