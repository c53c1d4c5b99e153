import { Injectable } from '@nestjs/common';
import { encodeCursor, Database, toPage } from '#platform';
import { type ListedConversation, type Page, type PageQuery, wordsOf } from '#contracts';
import {
  conversationOf,
  type ConversationPlace,
  conversationPlace,
  readConversationPlace,
} from './conversation-wire.ts';
import type { StoredConversation } from './conversation.entity.ts';
import { excerptOf } from './excerpt.ts';

/** So many conversations are looked through for one page, found or not. */
const lookedThrough = 200;
/** Each that is found brings a message to cut the excerpt from. */
const longestPage = 50;

interface FoundConversation extends StoredConversation {
  messageId: string | null;
  content: string | null;
}

/**
 * What a person wrote and was answered. It walks their own conversations, newest first, and looks into each by the index
 * that the conversation is read by: what everybody else has written costs nothing.
 */
@Injectable()
export class ConversationSearch {
  constructor(private readonly database: Database) {}

  async find(
    userId: string,
    search: string,
    { cursor, limit }: PageQuery,
  ): Promise<Page<ListedConversation>> {
    const before = readConversationPlace(cursor);
    const words = wordsOf(search);
    if (words.length === 0) return { items: [], nextCursor: null };
    const last = await this.lastLookedThrough(userId, before);
    const size = Math.min(limit, longestPage);
    const page = toPage(
      await this.findBetween(userId, words, before, last, size + 1),
      size,
      conversationPlace,
      (row) => foundOf(row, words),
    );
    return { ...page, nextCursor: page.nextCursor ?? (last && encodeCursor(last)) };
  }

  /** Null where the rest is less than that. */
  private async lastLookedThrough(
    userId: string,
    before: ConversationPlace | null,
  ): Promise<ConversationPlace | null> {
    const [row] = await this.database.rows<Pick<StoredConversation, 'updatedAt' | 'id'>>(
      `SELECT updated_at AS "updatedAt", id FROM conversations
       WHERE user_id = $1 ${before ? 'AND (updated_at, id) < ($2, $3)' : ''}
       ORDER BY updated_at DESC, id DESC OFFSET ${lookedThrough - 1} LIMIT 1`,
      [userId, ...(before ?? [])],
    );
    return row ? conversationPlace(row) : null;
  }

  /** The words are lowered by the database's own lower(), which has made the column. */
  private findBetween(
    userId: string,
    words: readonly string[],
    before: ConversationPlace | null,
    last: ConversationPlace | null,
    most: number,
  ): Promise<FoundConversation[]> {
    const given: unknown[] = [userId, words.map((word) => `'${word}':*`).join(' & '), most];
    const within = (comparison: string, place: ConversationPlace | null): string => {
      if (!place) return '';
      const at = given.push(...place);
      return `AND (c.updated_at, c.id) ${comparison} ($${at - 1}, $${at})`;
    };
    return this.database.rows<FoundConversation>(
      `SELECT c.id, c.user_id AS "userId", c.title, c.model, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
         m.id AS "messageId", m.content
       FROM conversations c LEFT JOIN LATERAL (
         SELECT m.id, left(m.content, 100000) AS content FROM messages m
         WHERE m.conversation_id = c.id AND m.search @@ lower($2)::tsquery
         ORDER BY m.ordinal DESC LIMIT 1
       ) m ON true
       WHERE c.user_id = $1 AND (m.id IS NOT NULL OR words_of(c.title) @@ lower($2)::tsquery)
         ${within('<', before)} ${within('>=', last)}
       ORDER BY c.updated_at DESC, c.id DESC LIMIT $3`,
      given,
    );
  }
}

const foundOf = (row: FoundConversation, words: readonly string[]): ListedConversation => ({
  ...conversationOf(row),
  match:
    row.messageId !== null && row.content !== null
      ? { messageId: row.messageId, excerpt: excerptOf(row.content, words) }
      : null,
});
