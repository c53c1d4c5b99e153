import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ListedConversation, wordsOf } from '#contracts';
import { type ChatProcess, openChat, type OpenChat, question } from '../../test/chat-database.ts';

describe('ConversationSearch', () => {
  let chat: OpenChat;
  let one: ChatProcess;
  let userId: string;
  beforeAll(async () => {
    chat = await openChat();
    one = chat.startProcess();
  });
  afterAll(() => chat.close());
  beforeEach(async () => {
    ({ userId } = await chat.person());
  });

  async function write(title: string, ...messages: string[]): Promise<string> {
    chat.clock.advanceSeconds(1);
    const { id } = await one.conversations.create(userId, { title });
    for (const content of messages) await one.messages.addQuestion(id, question(content));
    return id;
  }

  const search = (words: string, limit = 10, cursor?: string, of = userId) =>
    one.conversationSearch.find(of, words, { limit, cursor });
  const titles = async (words: string): Promise<string[]> =>
    (await search(words)).items.map(({ title }) => title);

  it('finds whose title or one message has all words, as beginnings, the newest first', async () => {
    await write('By message', 'Tell me of the Quarterly figures', 'and of nothing else');
    await write('Quarterly figures');
    await write('Apart', 'quarterly', 'figures');
    await write('Neither', 'aquarterly infigures');
    expect(await titles('quarter FIG')).toEqual(['Quarterly figures', 'By message']);
    expect(await titles('figures')).toEqual(['Apart', 'Quarterly figures', 'By message']);
    expect(await titles('absent')).toEqual([]);
  });

  it('shows where: the newest message that has them, or nothing where the title alone has them', async () => {
    const id = await write('Recipes', 'saffron once', 'saffron twice', 'no spice');
    const { items: messages } = await one.messages.page(userId, id, { limit: 10 });
    expect(await search('saff')).toEqual({
      items: [
        {
          ...(await one.conversations.get(userId, id)),
          match: { messageId: messages[1]?.id, excerpt: 'saffron twice' },
        },
      ],
      nextCursor: null,
    });
    expect((await search('recipes')).items).toMatchObject([{ id, match: null }]);
  });

  it('AUZ-02: finds nothing of others, and nothing that was deleted', async () => {
    const id = await write('Secret plans', 'the secret');
    const stranger = await chat.person();
    expect((await search('secret', 10, undefined, stranger.userId)).items).toEqual([]);
    const { items } = await search('secret');
    expect(items.map((item) => item.id)).toEqual([id]);
    await one.conversations.delete(userId, id);
    expect((await search('secret')).items).toEqual([]);
  });

  it('knows the words of code, of addresses and of typographic prose, in many scripts', async () => {
    await write(
      'all',
      '<img src=x onerror=go()> uma.patel@contoso.com snake_case “quoted”—dash ŁÓDŹ 東京、大阪。',
    );
    for (const words of [
      'onerror',
      'img',
      'patel',
      'uma.patel@contoso.com',
      'case',
      'quoted',
      'dash',
      'łódź',
      '大阪',
      'snake case',
    ])
      expect(await titles(words), words).toEqual(['all']);
  });

  it.each([
    "'",
    "''; DROP TABLE messages; --",
    ':*',
    '!word',
    'a & | b',
    '<->',
    '%',
    '_',
    '\\',
    '\0',
    '"',
    '\ud800',
  ])('takes %j for words and marks, nothing else', async (hostile) => {
    await write('word', 'word');
    expect(await titles(hostile)).toEqual(wordsOf(hostile).join() === 'word' ? ['word'] : []);
    expect(await titles(`wor ${'\0'}${hostile.replaceAll(/[a-z]/gi, '')}`.replace('\ud800', ''))).toEqual([
      'word',
    ]);
  });

  it('cuts words into the same pieces in the database as in the search', async () => {
    const every = Array.from({ length: 0x3100 }, (_, code) => code + 1)
      .map((code) => ({ code, character: String.fromCodePoint(code) }))
      .filter(({ character }) => !/\p{Cn}/u.test(character))
      .map(({ code, character }) => `x${code}${character}y`);
    for (const text of [...chunks(every, 500), [`${'é'.repeat(150)} ${'z'.repeat(3000)}`]]) {
      const words = wordsOf(text.join(' '));
      const [row] = await chat.database.rows<{ missing: string[]; more: number }>(
        `SELECT array(SELECT word FROM unnest($2::text[]) AS word WHERE NOT words_of($1) @@ quote_literal(lower(word))::tsquery) AS missing,
           length(words_of($1)) - (SELECT count(DISTINCT lower(word)) FROM unnest($2::text[]) AS word)::int AS more`,
        [text.join(' '), words],
      );
      expect(row).toEqual({ missing: [], more: 0 });
    }
  });

  it('stores and finds a message of the greatest length, of words of any length', async () => {
    const head = 'ä'.repeat(49_000);
    await write('long', `${head} ${'ab '.repeat(10_000)} needle`);
    await write('many', Array.from({ length: 16_000 }, (_, index) => index.toString(36)).join(' '));
    expect(await titles('needle')).toEqual(['long']);
    expect(await titles(head)).toEqual(['long']);
    expect(await titles((15_999).toString(36))).toEqual(['many']);
  });

  async function pagesOf(words: string, limit: number): Promise<ListedConversation[][]> {
    const pages: ListedConversation[][] = [];
    let cursor: string | undefined;
    do {
      const page = await search(words, limit, cursor);
      pages.push(page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return pages;
  }

  it('pages through all that it finds, once each, also those of the same moment', async () => {
    for (let index = 0; index < 7; index += 1) {
      if (index % 3 === 0) chat.clock.advanceSeconds(1);
      await one.conversations.create(userId, { title: `match ${index}` });
      await one.conversations.create(userId, { title: `other ${index}` });
    }
    const pages = await pagesOf('match', 3);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(7);
  });

  it('looks through so many at a time: a page may be empty, and the next one goes on', async () => {
    await write('the oldest needle');
    await chat.database.rows(
      `INSERT INTO conversations (id, user_id, title, model, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'hay ' || n, 'gpt-4o', now(), date_trunc('second', $2::timestamptz) + n / 2 * interval '1 s'
       FROM generate_series(1, 401) AS n`,
      [userId, chat.clock.now()],
    );
    expect((await pagesOf('needle', 50)).map(({ length }) => length)).toEqual([0, 0, 1]);
    const hay = await pagesOf('hay', 30);
    expect(new Set(hay.flat().map(({ id }) => id)).size).toBe(401);
    expect(hay.flat()).toHaveLength(401);
  });

  it.each(['nonsense', Buffer.from('{}').toString('base64url')])(
    'API-01: refuses the cursor %s',
    async (cursor) => {
      await expect(search('word', 3, cursor)).rejects.toMatchObject({ code: 'validation_failed' });
    },
  );
});

function* chunks<Item>(items: Item[], size: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
