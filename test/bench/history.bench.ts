/**
 * What one person asks of their own history with ten thousand and with a million messages in the database: each of the two
 * in turns. The person is like all others, the conversation asked for as long as all others.
 */
import { Client } from 'pg';
import { type ChatProcess, openChat } from '../../libs/chat/test/chat-database.ts';
import { milliseconds, p95, report } from './bench.ts';

const sizes = [10_000, Number(process.env.BENCH_MESSAGES ?? 1_000_000)];
const perConversation = 50;
const conversationsEach = 40;
const rounds = 100;

interface History {
  chat: ChatProcess;
  userId: string;
  conversations: string[];
  close(): Promise<void>;
}

/** Without the indexes meanwhile: they are made faster than kept. */
async function fill(client: Client, messages: number): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'messages' AND indexname NOT LIKE '%pkey' AND indexname NOT IN ('messages_in_conversation', 'messages_client_message')`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const conversations = messages / perConversation;
  await client.query(
    `INSERT INTO users (tenant_id, object_id, display_name, created_at, updated_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'Person ' || n, now(), now()
     FROM generate_series(1, $1::int) AS n`,
    [Math.max(1, conversations / conversationsEach)],
  );
  await client.query(
    `INSERT INTO conversations (id, user_id, title, model, created_at, updated_at)
     SELECT gen_random_uuid(), u.id, 'Conversation ' || n, 'gpt-4o', now(), timestamptz '2026-01-01' + n * interval '1 h'
     FROM users u, generate_series(1, $1::int) AS n`,
    [conversationsEach],
  );
  // Several conversations are written in at the same time, so that the rows of one lie apart from each other.
  await client.query(
    `INSERT INTO messages (id, conversation_id, role, content, status, model, created_at)
     SELECT gen_random_uuid(), c.id, CASE WHEN n % 2 = 0 THEN 'assistant' ELSE 'user' END,
       repeat('The quick brown fox number ' || n || ' jumps over the lazy dog. ', CASE WHEN n % 2 = 0 THEN 12 ELSE 2 END),
       'done', 'gpt-4o', timestamptz '2026-01-01' + n * interval '1 min'
     FROM generate_series(1, $1::int) AS n, conversations c`,
    [perConversation],
  );
  // One word that each person has written once, in the middle of their history.
  await client.query(
    `UPDATE messages m SET content = content || 'Saffron.' FROM conversations c
     WHERE c.id = m.conversation_id AND c.title = 'Conversation ${conversationsEach / 2}' AND m.content LIKE '%number 25 %'`,
  );
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE users, conversations, messages');
}

async function open(size: number): Promise<History> {
  const opened = await openChat();
  // Not through the API's own connections, which give up on what takes so long.
  const client = new Client({ connectionString: (opened.dataSource.options as { url: string }).url });
  await client.connect();
  await fill(client, size);
  const { rows } = await client.query<{ id: string; userId: string }>(
    `SELECT id, user_id AS "userId" FROM conversations
     WHERE user_id = (SELECT id FROM users ORDER BY id LIMIT 1) ORDER BY updated_at DESC`,
  );
  await client.end();
  return {
    chat: opened.startProcess(),
    userId: rows[0]?.userId ?? '',
    conversations: rows.map(({ id }) => id),
    close: opened.close,
  };
}

type Ask = (history: History, round: number) => Promise<unknown>;
const conversation = ({ conversations }: History, round: number): string =>
  conversations[round % conversations.length] ?? '';

const asked: Record<string, Ask> = {
  'the list of conversations': ({ chat, userId }) => chat.conversations.list(userId, { limit: 40 }),
  'opening a conversation': async (history, round) => {
    const { chat, userId } = history;
    const id = conversation(history, round);
    await chat.transcript.open(userId, id);
    await chat.transcript.page(userId, id, { limit: 30 });
  },
  'its older messages': async (history, round) => {
    const { chat, userId } = history;
    const id = conversation(history, round);
    const { nextCursor } = await chat.transcript.page(userId, id, { limit: 30 });
    if (!nextCursor) throw new Error('there are no older messages');
    await chat.transcript.page(userId, id, { limit: 30, cursor: nextCursor });
  },
  'searching: a word in many messages': searching('fox', 20),
  'searching: a word in one message': searching('saffron', 1),
  'searching: a word in none': searching('cardamom', 0),
  'searching: two words': searching('brown 25', 20),
};

function searching(words: string, expected: number): Ask {
  return async ({ chat, userId }) => {
    const { items } = await chat.conversationSearch.find(userId, words, { limit: 20 });
    if (items.length !== expected) throw new Error(`${words}: ${items.length} found, not ${expected}`);
  };
}

const histories: History[] = [];
for (const size of sizes) {
  const took = await milliseconds(async () => histories.push(await open(size)));
  process.stderr.write(`${size} messages in ${Math.round(took / 1000)} s\n`);
}

const measured: { name: string; p95s: number[] }[] = [];
for (const [name, ask] of Object.entries(asked)) {
  const times = histories.map((): number[] => []);
  for (let round = -conversationsEach; round < rounds; round += 1)
    for (const [index, history] of histories.entries()) {
      const took = await milliseconds(() => ask(history, round + conversationsEach));
      if (round >= 0) times[index]?.push(took);
    }
  measured.push({ name, p95s: times.map(p95) });
}
for (const { close } of histories) await close();

const ratio = ([small = Number.NaN, large = Number.NaN]: number[]): number => large / small;
report({
  title: 'History',
  columns: ['', ...sizes.map((size) => `p95 at ${size} messages, ms`), 'Ratio'],
  rows: measured.map(({ name, p95s }) => [name, ...p95s.map((ms) => ms.toFixed(1)), ratio(p95s).toFixed(2)]),
  aims: measured.map(({ name, p95s }) => ({ what: name, value: ratio(p95s), atMost: 2 })),
});
