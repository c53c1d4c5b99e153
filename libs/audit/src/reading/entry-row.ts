import type { AuditEntryWire } from '#contracts';

/** An entry with its link, as a statement of `readEntries` returns it. */
export interface EntryRow {
  id: string;
  sequence: string;
  occurred_at: Date;
  actor_id: string | null;
  actor_email: string | null;
  actor_display_name: string | null;
  action: string;
  resource_type: string | null;
  resource_id: string | null;
  outcome: 'success' | 'failure';
  details: Record<string, unknown>;
  ip_address: string | null;
  user_agent: string | null;
  request_id: string | null;
  hash: Buffer;
}

/** The entries of `links`, which has their numbers in the chain, their own and their hashes. */
export const readEntries = (links: string, order: 'ASC' | 'DESC'): string => `
  SELECT e.id, c.sequence, c.hash, e.occurred_at, e.actor_id, e.actor_email, e.actor_display_name, e.action,
    e.resource_type, e.resource_id, e.outcome, e.details, e.ip_address, e.user_agent, e.request_id
  FROM (${links}) c JOIN audit_entries e ON e.sequence = c.entry
  ORDER BY c.sequence ${order}`;

export const toWire = (row: EntryRow): AuditEntryWire => ({
  id: row.id,
  sequence: Number(row.sequence),
  occurredAt: row.occurred_at.toISOString(),
  actor: { id: row.actor_id, email: row.actor_email, displayName: row.actor_display_name },
  action: row.action,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  outcome: row.outcome,
  details: row.details,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
  requestId: row.request_id,
});

/** For those who keep it elsewhere: with the link's hash, which vouches for all entries before. */
export const toSealedEntry = (row: EntryRow) => ({ ...toWire(row), hash: row.hash.toString('hex') });
export type SealedEntry = ReturnType<typeof toSealedEntry>;
