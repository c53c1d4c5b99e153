import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Conversations, their messages as a tree, the answers being written, and what people used.
 *
 * The composite keys keep a tree inside its conversation, and the partial unique index lets one answer at a time be
 * written in it, whatever the code believes. A generation keeps its text only while it runs: then the message has it,
 * with the usage and the failure it ended with; `delta_ends` cuts that text back into the deltas that were sent.
 */
export class Chat1764000000002 implements MigrationInterface {
  name = 'Chat1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE conversations (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        title text,
        model text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX conversations_by_update ON conversations (user_id, updated_at DESC, id DESC);

      CREATE TABLE messages (
        id uuid PRIMARY KEY,
        conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
        parent_id uuid,
        ordinal bigint GENERATED ALWAYS AS IDENTITY,
        role text NOT NULL CHECK (role IN ('user', 'assistant')),
        content text NOT NULL,
        status text NOT NULL CHECK (status IN ('streaming', 'done', 'stopped', 'failed', 'interrupted')),
        model text,
        input_tokens integer,
        output_tokens integer,
        truncated boolean NOT NULL DEFAULT false,
        error jsonb,
        client_message_id text,
        created_at timestamptz NOT NULL,
        -- A tsvector holds at most 1 MB: the head of a huge answer is found, the answer is still stored.
        search tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(content, 100000))) STORED,
        CONSTRAINT messages_in_conversation UNIQUE (id, conversation_id),
        CONSTRAINT messages_client_message UNIQUE (conversation_id, client_message_id),
        CONSTRAINT messages_parent FOREIGN KEY (parent_id, conversation_id)
          REFERENCES messages (id, conversation_id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX messages_in_order ON messages (conversation_id, ordinal);
      CREATE INDEX messages_by_parent ON messages (parent_id);
      CREATE INDEX messages_search ON messages USING gin (search);

      CREATE TABLE generations (
        id uuid PRIMARY KEY,
        message_id uuid NOT NULL CONSTRAINT generations_message UNIQUE REFERENCES messages ON DELETE CASCADE,
        conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        session_id text,
        status text NOT NULL CHECK (status IN ('streaming', 'done', 'stopped', 'failed', 'interrupted')),
        runner_id uuid NOT NULL,
        lease_until timestamptz,
        text text NOT NULL DEFAULT '',
        last_seq integer NOT NULL DEFAULT 0,
        delta_ends integer[] NOT NULL DEFAULT '{}',
        stop_requested_at timestamptz,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        CHECK (cardinality(delta_ends) = last_seq),
        CHECK ((status = 'streaming') = (lease_until IS NOT NULL)),
        CHECK ((status = 'streaming') = (finished_at IS NULL))
      );
      CREATE UNIQUE INDEX generations_one_running ON generations (conversation_id) WHERE status = 'streaming';
      CREATE INDEX generations_by_lease ON generations (lease_until) WHERE status = 'streaming';
      CREATE INDEX generations_running_of ON generations (user_id) WHERE status = 'streaming';
      CREATE INDEX generations_by_conversation ON generations (conversation_id);

      CREATE TABLE usage_days (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        day date NOT NULL,
        model text NOT NULL,
        input_tokens bigint NOT NULL,
        output_tokens bigint NOT NULL,
        requests integer NOT NULL,
        PRIMARY KEY (user_id, day, model)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE usage_days, generations, messages, conversations');
  }
}
