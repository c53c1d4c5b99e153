import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Any constant will do: whoever holds it is the only one who writes the chain. */
const chainLock = 7_403_292;

/** What stands between the words of an entry: everything in ASCII but letters and digits, and the hard space. */
const separators = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1))
  .filter((character) => !/[\da-z]/i.test(character))
  .concat('\u007f', '\u00a0');
const separatorsInSql = `E'${separators.map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}', repeat(' ', ${separators.length})`;

/** What the hash of an entry is taken of; `libs/audit/src/chain` says the same. Never changes for rows that are sealed. */
const content = `json_build_array(e.id, e.sequence, e.occurred_at AT TIME ZONE 'UTC', e.actor_id, e.actor_email,
          e.actor_display_name, e.action, e.resource_type, e.resource_id, e.outcome, e.details, e.ip_address, e.user_agent,
          e.session_id, e.request_id)::text`;

/**
 * The chain over the audit log (docs/decisions/0017). An act inserts its entry as before; a trigger queues it in
 * `audit_unsealed`; `seal_audit_entries` appends what has been committed to `audit_chain`, numbered without gaps, each
 * link hashed over the one before. What lists are filtered by is in the link, so an act pays for no index but its own.
 *
 * Whoever is not the owner of these tables cannot write the chain, nor choose what is dropped: `drop_expired_audit_entries`
 * takes no time, it reads `audit_policy`, which only the migrating role writes.
 */
export class AuditChain1764000000005 implements MigrationInterface {
  name = 'AuditChain1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    const [{ schema }] = (await runner.query('SELECT quote_ident(current_schema()) AS schema')) as [
      { schema: string },
    ];
    // With the rights of the owner, and tables that no caller can put others in front of.
    const asOwner = `SECURITY DEFINER SET search_path = ${schema}, pg_temp`;
    await runner.query(`
      CREATE TABLE audit_unsealed (entry bigint PRIMARY KEY);

      CREATE TABLE audit_chain (
        sequence bigint PRIMARY KEY,
        entry bigint NOT NULL CONSTRAINT audit_chain_entry UNIQUE,
        hash bytea NOT NULL,
        occurred_at timestamptz NOT NULL,
        -- The latest time up to here: it only grows with the sequence, so a span of time is a span of sequences.
        latest_at timestamptz NOT NULL,
        action text NOT NULL,
        outcome text NOT NULL,
        actor_id uuid,
        -- The person whom it is about.
        subject text,
        search tsvector NOT NULL
      );
      CREATE INDEX audit_chain_by_action ON audit_chain (action, sequence DESC);
      CREATE INDEX audit_chain_failures ON audit_chain (action, sequence DESC) WHERE outcome = 'failure';
      CREATE INDEX audit_chain_failures_in_order ON audit_chain (sequence DESC) WHERE outcome = 'failure';
      CREATE INDEX audit_chain_by_actor ON audit_chain (actor_id, sequence DESC);
      CREATE INDEX audit_chain_by_subject ON audit_chain (subject, sequence DESC) WHERE subject IS NOT NULL;
      CREATE INDEX audit_chain_by_time ON audit_chain (latest_at, sequence);
      CREATE INDEX audit_chain_lateness ON audit_chain ((extract(epoch FROM latest_at - occurred_at)))
        WHERE latest_at > occurred_at;
      CREATE INDEX audit_chain_search ON audit_chain USING gin (search);

      CREATE TABLE audit_dropped_ranges (
        first_sequence bigint PRIMARY KEY,
        last_sequence bigint NOT NULL UNIQUE,
        entries bigint NOT NULL,
        last_hash bytea NOT NULL,
        dropped_at timestamptz NOT NULL,
        why text NOT NULL,
        hash bytea NOT NULL,
        CHECK (entries = last_sequence - first_sequence + 1 AND entries > 0)
      );

      CREATE TABLE audit_policy (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        retention_days integer NOT NULL CHECK (retention_days > 0)
      );
      INSERT INTO audit_policy (retention_days) VALUES (365);

      CREATE TABLE audit_stream_positions (
        sink text PRIMARY KEY,
        sequence bigint NOT NULL,
        moved_at timestamptz NOT NULL
      );

      DROP INDEX audit_entries_by_actor;
      DROP INDEX audit_entries_by_action;

      CREATE FUNCTION queue_audit_entry() RETURNS trigger LANGUAGE plpgsql ${asOwner} AS $$
      BEGIN
        INSERT INTO audit_unsealed VALUES (NEW.sequence);
        RETURN NULL;
      END $$;
      CREATE TRIGGER audit_entries_queued AFTER INSERT ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION queue_audit_entry();
      INSERT INTO audit_unsealed SELECT sequence FROM audit_entries;

      CREATE FUNCTION audit_search(e audit_entries) RETURNS tsvector LANGUAGE sql STABLE AS $$
        SELECT coalesce(array_to_tsvector(array_agg(DISTINCT marker || left(word, 100))), '')
        FROM (VALUES
          ('', concat_ws(' ', e.actor_display_name, e.actor_email, e.action, e.outcome, e.resource_type, e.resource_id,
            e.ip_address, e.request_id, left(e.user_agent, 1000), left(e.details::text, 20000))),
          -- Words of the actor once more, told apart: no word contains the mark.
          ('@', concat_ws(' ', e.actor_display_name, e.actor_email))
        ) AS source (marker, words),
        string_to_table(translate(lower(words), ${separatorsInSql}), ' ') AS word
        WHERE word <> ''
      $$;

      -- One at a time, and each in a transaction of its own: what it sees is committed, and nobody else adds links. An
      -- entry that commits late is taken late, whatever its number: it is the queue that says what is missing.
      CREATE FUNCTION seal_audit_entries(most integer)
      RETURNS TABLE (sealed integer, head_sequence bigint, head_hash bytea)
      LANGUAGE plpgsql ${asOwner} AS $$
      DECLARE
        queued bigint;
        e audit_entries;
        latest timestamptz;
      BEGIN
        sealed := 0;
        IF EXISTS (SELECT FROM audit_unsealed) THEN
          PERFORM pg_advisory_xact_lock(${chainLock});
        END IF;
        SELECT c.sequence, c.hash, c.latest_at INTO head_sequence, head_hash, latest
        FROM audit_chain c ORDER BY c.sequence DESC LIMIT 1;
        IF NOT FOUND THEN
          SELECT r.last_sequence, r.last_hash INTO head_sequence, head_hash
          FROM audit_dropped_ranges r ORDER BY r.last_sequence DESC LIMIT 1;
        END IF;
        head_sequence := coalesce(head_sequence, 0);
        head_hash := coalesce(head_hash, '');
        FOR queued IN SELECT entry FROM audit_unsealed ORDER BY entry LIMIT most LOOP
          SELECT * INTO e FROM audit_entries WHERE sequence = queued;
          CONTINUE WHEN NOT FOUND;
          sealed := sealed + 1;
          head_sequence := head_sequence + 1;
          head_hash := sha256(head_hash || convert_to(${content}, 'UTF8'));
          latest := greatest(latest, e.occurred_at);
          INSERT INTO audit_chain VALUES (head_sequence, e.sequence, head_hash, e.occurred_at, latest, e.action, e.outcome,
            e.actor_id, CASE e.resource_type WHEN 'user' THEN e.resource_id ELSE e.details ->> 'userId' END, audit_search(e));
          DELETE FROM audit_unsealed WHERE entry = queued;
        END LOOP;
        RETURN NEXT;
      END $$;

      -- The oldest entries, up to the first that is still to be kept. Their place is taken by a range, chained as well.
      CREATE FUNCTION drop_expired_audit_entries(most integer) RETURNS SETOF audit_dropped_ranges
      LANGUAGE plpgsql ${asOwner} AS $$
      DECLARE
        policy integer := (SELECT retention_days FROM audit_policy);
        range audit_dropped_ranges;
        previous bytea;
      BEGIN
        PERFORM pg_advisory_xact_lock(${chainLock});
        SELECT min(sequence), least(max(sequence), min(sequence) + most - 1) INTO range.first_sequence, range.last_sequence
        FROM audit_chain;
        range.last_sequence := coalesce((
          SELECT sequence - 1 FROM audit_chain
          WHERE sequence <= range.last_sequence AND occurred_at >= now() - make_interval(days => policy)
          ORDER BY sequence LIMIT 1), range.last_sequence);
        range.entries := range.last_sequence - range.first_sequence + 1;
        IF range.entries IS NULL OR range.entries < 1 THEN RETURN; END IF;
        SELECT hash INTO range.last_hash FROM audit_chain WHERE sequence = range.last_sequence;
        SELECT hash INTO previous FROM audit_dropped_ranges ORDER BY last_sequence DESC LIMIT 1;
        range.dropped_at := now();
        range.why := 'older than ' || policy || ' days';
        range.hash := sha256(coalesce(previous, '') || convert_to(json_build_array(range.first_sequence, range.last_sequence,
          encode(range.last_hash, 'hex'), range.dropped_at AT TIME ZONE 'UTC', range.why)::text, 'UTF8'));
        INSERT INTO audit_dropped_ranges VALUES (range.*);
        DELETE FROM audit_entries USING audit_chain
        WHERE audit_entries.sequence = audit_chain.entry AND audit_chain.sequence <= range.last_sequence;
        DELETE FROM audit_chain WHERE sequence <= range.last_sequence;
        RETURN NEXT range;
      END $$;
      REVOKE EXECUTE ON FUNCTION seal_audit_entries, drop_expired_audit_entries FROM PUBLIC;

      DROP TRIGGER audit_entries_append_only ON audit_entries;
      CREATE FUNCTION refuse_audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        is_dropped boolean;
      BEGIN
        EXECUTE CASE TG_TABLE_NAME
          WHEN 'audit_chain' THEN 'SELECT bool_and(EXISTS (SELECT FROM audit_dropped_ranges
            WHERE gone.sequence BETWEEN first_sequence AND last_sequence)) FROM gone'
          ELSE 'SELECT bool_and(EXISTS (SELECT FROM audit_chain JOIN audit_dropped_ranges
            ON audit_chain.sequence BETWEEN first_sequence AND last_sequence
            WHERE audit_chain.entry = gone.sequence)) FROM gone'
          END INTO is_dropped;
        IF is_dropped IS NOT TRUE THEN
          RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      CREATE TRIGGER audit_entries_kept AFTER DELETE ON audit_entries REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_removal();
      CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR TRUNCATE ON audit_chain
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      CREATE TRIGGER audit_chain_kept AFTER DELETE ON audit_chain REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_removal();
      CREATE TRIGGER audit_dropped_ranges_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_dropped_ranges
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_entries_kept ON audit_entries;
      DROP TRIGGER audit_entries_append_only ON audit_entries;
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      DROP TRIGGER audit_entries_queued ON audit_entries;
      DROP FUNCTION drop_expired_audit_entries, seal_audit_entries, audit_search, queue_audit_entry;
      DROP TABLE audit_stream_positions, audit_policy, audit_dropped_ranges, audit_chain, audit_unsealed;
      DROP FUNCTION refuse_audit_removal;
      CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, sequence DESC);
      CREATE INDEX audit_entries_by_action ON audit_entries (action, sequence DESC);
    `);
  }
}
