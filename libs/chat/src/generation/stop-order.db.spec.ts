import { describe, expect, it } from 'vitest';
import { onPostgres } from '../../../../test/support/database.ts';
import { openChat, question } from '../../test/chat-database.ts';
import { until } from '../../../../test/support/until.ts';

describe.skipIf(!onPostgres)('a stop of everything that a person has asked', () => {
  it('F30: takes the answers in the same order on every process, so that none waits for another in a circle', async () => {
    const chat = await openChat();
    const one = chat.startProcess();
    const caller = await chat.person();
    const begin = async () => {
      const { id } = await one.conversations.create(caller.userId, {});
      return (await one.generations.send(caller, id, question('q'))).generation.id;
    };
    // The first by number is the last that a scan of the table comes to.
    const [last, first] = ['ffffffff-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000000'];
    for (const id of [last, first])
      await chat.database.rows('UPDATE generations SET id = $1 WHERE id = $2', [id, await begin()]);

    const holder = chat.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM generations WHERE id = $1 FOR UPDATE', [first]);
    const stopping = one.rows.requestStop({ userId: caller.userId });
    await until(async () => {
      const [row] = await chat.database.rows<{ waiting: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%stop_requested_at%') AS waiting`,
      );
      return row!.waiting;
    });
    await holder.query('SELECT FROM generations WHERE id = $1 FOR UPDATE NOWAIT', [last]);
    await holder.commitTransaction();
    await holder.release();

    await stopping;
    const rows = await chat.database.rows(
      'SELECT FROM generations WHERE user_id = $1 AND stop_requested_at IS NOT NULL',
      [caller.userId],
    );
    expect(rows).toHaveLength(2);
    await chat.close();
  });
});
