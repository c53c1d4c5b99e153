import type { AuditEntryWire } from '#contracts';

/** Names are kept as they were. Without one it was a stranger's call, or, outside any call, the server itself. */
export function actorName({ actor, requestId }: Pick<AuditEntryWire, 'actor' | 'requestId'>): string {
  if (actor.id === null && requestId === null) return actor.displayName ?? actor.email ?? 'The server';
  return (
    actor.displayName ?? actor.email ?? (actor.id === null ? 'Nobody signed in' : 'Somebody without a name')
  );
}
