import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log. Its actor and resource are text without a foreign key: a deleted person stays in it. */
export class Audit1764000000001 implements MigrationInterface {
  name = 'Audit1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entries (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        sequence bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_sequence UNIQUE,
        occurred_at timestamptz NOT NULL,
        actor_id uuid,
        actor_email text,
        actor_display_name text,
        action text NOT NULL,
        resource_type text,
        resource_id text,
        outcome text NOT NULL CHECK (outcome IN ('success', 'failure')),
        details jsonb NOT NULL DEFAULT '{}',
        ip_address text,
        user_agent text,
        session_id uuid,
        request_id text
      );
      CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, sequence DESC);
      CREATE INDEX audit_entries_by_action ON audit_entries (action, sequence DESC);

      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_entries_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries; DROP FUNCTION refuse_audit_change()');
  }
}
