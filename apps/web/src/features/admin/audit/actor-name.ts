import type { AuditEntryWire } from '#contracts';

/** Names are kept as they were; the server itself acts without one. */
export const actorName = ({ displayName, email, id }: AuditEntryWire['actor']): string =>
  displayName ?? email ?? (id === null ? 'Nobody signed in' : 'Somebody without a name');
