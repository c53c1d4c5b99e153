/**
 * What the hash of an entry `e` is taken of: its fields in this order as JSON, the time in UTC. Postgres writes it from the
 * stored row, when it seals and when it verifies, so no driver and no other JSON library has a say in numbers or in the
 * order of keys. It cannot change for what is sealed: `seal_audit_entries` in the migration says the same.
 */
export const entryContent = `json_build_array(e.id, e.sequence, e.occurred_at AT TIME ZONE 'UTC', e.actor_id, e.actor_email,
  e.actor_display_name, e.action, e.resource_type, e.resource_id, e.outcome, e.details, e.ip_address, e.user_agent,
  e.session_id, e.request_id)::text`;

/** The person an entry `e` is about. */
export const entrySubject = `CASE e.resource_type WHEN 'user' THEN e.resource_id ELSE e.details ->> 'userId' END`;

/** What the hash of a dropped range `r` is taken of, after the hash of the range before. */
export const rangeContent = `json_build_array(r.first_sequence, r.last_sequence, encode(r.last_hash, 'hex'),
  r.dropped_at AT TIME ZONE 'UTC', r.why)::text`;
