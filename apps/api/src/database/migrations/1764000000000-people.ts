import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stands between the words of a name or an address. */
const separators = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~\t\n\r\u00a0`;
const separatorsInSql = `'${separators.replaceAll("'", "''")}', repeat(' ', ${separators.length})`;

/** One for each role: the planner has no figures for how rare a role is within an array. */
const roleIndexes = ['admin', 'auditor', 'user', 'viewer']
  .map(
    (role) =>
      `CREATE INDEX users_as_${role} ON users (created_at DESC, id DESC) WHERE (roles_from_entra || granted_roles) @> '{${role}}';`,
  )
  .join('\n      ');

/**
 * People, their sessions and sign-ins, their sealed Azure tokens.
 *
 * `search` holds the words of name and address without a text parser, which would take an address or a hyphenated name
 * for one word. Times that lists are paged by have milliseconds, as the cursor has: a finer one would lose rows.
 */
export class People1764000000000 implements MigrationInterface {
  name = 'People1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tenant_id uuid NOT NULL,
        object_id uuid NOT NULL,
        email text,
        display_name text NOT NULL,
        first_name text,
        last_name text,
        department text,
        job_title text,
        edited_fields text[] NOT NULL DEFAULT '{}',
        is_active boolean NOT NULL DEFAULT true,
        roles_from_entra text[] NOT NULL DEFAULT '{}',
        roles_by_default boolean NOT NULL DEFAULT false,
        granted_roles text[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz NOT NULL,
        last_sign_in_at timestamptz,
        search tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(
          translate(lower(left(display_name, 300) || ' ' || left(coalesce(email, ''), 300)), ${separatorsInSql}), ' '), ''))) STORED,
        CONSTRAINT users_identity UNIQUE (tenant_id, object_id)
      );
      CREATE INDEX users_by_creation ON users (created_at DESC, id DESC);
      CREATE INDEX users_by_email ON users (lower(email));
      ${roleIndexes}
      CREATE INDEX users_inactive ON users (created_at DESC, id DESC) WHERE NOT is_active;
      CREATE INDEX users_search ON users USING gin (search);

      CREATE TABLE sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        token_hash bytea NOT NULL CONSTRAINT sessions_token UNIQUE,
        method text NOT NULL CHECK (method IN ('authorization_code', 'device_code', 'azure_cli')),
        entra_session_id text,
        remember boolean NOT NULL DEFAULT false,
        browser_hash bytea NOT NULL,
        browser text,
        system text,
        user_agent text,
        first_address inet,
        last_address inet,
        created_at timestamptz(3) NOT NULL,
        authenticated_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        idle_expires_at timestamptz NOT NULL,
        absolute_expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_by uuid,
        revoked_why text,
        CHECK (idle_expires_at <= absolute_expires_at)
      );
      CREATE INDEX sessions_live ON sessions (user_id, last_seen_at) WHERE revoked_at IS NULL;
      CREATE INDEX sessions_live_by_creation ON sessions (created_at DESC, id DESC) WHERE revoked_at IS NULL;
      CREATE INDEX sessions_by_expiry ON sessions (absolute_expires_at);
      CREATE INDEX sessions_by_entra_session ON sessions (entra_session_id) WHERE revoked_at IS NULL;

      CREATE TABLE leases (name text PRIMARY KEY, holder uuid NOT NULL, until timestamptz NOT NULL);

      CREATE TABLE signing_keys (
        id uuid PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        sealed_private_key bytea NOT NULL,
        signs_until timestamptz NOT NULL,
        published_until timestamptz NOT NULL
      );

      CREATE TABLE sign_in_attempts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL CHECK (kind IN ('authorization_code', 'device_code', 'azure_cli')),
        status text NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'expired', 'failed', 'completed')),
        failure text,
        browser_hash bytea NOT NULL,
        state_hash bytea CONSTRAINT sign_in_attempts_state UNIQUE,
        nonce text,
        sealed bytea NOT NULL,
        return_to text,
        remember boolean NOT NULL DEFAULT false,
        step_up_of uuid REFERENCES users ON DELETE CASCADE,
        lease_until timestamptz,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX sign_in_attempts_by_expiry ON sign_in_attempts (expires_at);
      CREATE INDEX sign_in_attempts_of ON sign_in_attempts (step_up_of) WHERE step_up_of IS NOT NULL;
      CREATE INDEX sign_in_attempts_pending ON sign_in_attempts (lease_until) WHERE status = 'pending';

      CREATE TABLE token_caches (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        sealed bytea NOT NULL,
        version integer NOT NULL,
        client text NOT NULL CHECK (client IN ('confidential', 'public')),
        expires_at timestamptz,
        refresh_due_at timestamptz,
        last_refreshed_at timestamptz,
        failure_class text,
        failure_count integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX token_caches_due ON token_caches (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys, leases, token_caches, sign_in_attempts, sessions, users');
  }
}
