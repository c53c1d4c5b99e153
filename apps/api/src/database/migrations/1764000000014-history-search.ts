import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Between words: marks of ASCII and typographic ones. `libs/contracts/src/words.ts` says the same of what is looked for. */
const separators = String.raw`[\u0001-/:-@[-${'`'}{-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f\ufeff]+`;

/**
 * People search their own history. Its words are cut without a text parser, which takes an address for one word and
 * leaves out what stands in the tags of HTML.
 *
 * Whoever searches walks their own conversations, newest first, so there is no index over everybody's words: each message
 * is stored without paying for one. The table is written anew, which takes about a minute for a million messages.
 */
export class HistorySearch1764000000014 implements MigrationInterface {
  name = 'HistorySearch1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION words_of(written text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        -- A word longer than 100 letters is cut: it would not fit into the column.
        SELECT array_to_tsvector(array_remove(string_to_array(regexp_replace(
          regexp_replace(lower(written), '${separators}', ' ', 'g'), '([^ ]{100})[^ ]+', '\\1', 'g'), ' '), ''))
      $$;
      ALTER TABLE messages
        DROP COLUMN search,
        -- A tsvector holds at most 1 MB: the head of a huge answer is found, the answer is still stored.
        ADD COLUMN search tsvector GENERATED ALWAYS AS (words_of(left(content, 100000))) STORED;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages
        DROP COLUMN search,
        ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(content, 100000))) STORED;
      CREATE INDEX messages_search ON messages USING gin (search);
      DROP FUNCTION words_of(text);
    `);
  }
}
