import { z } from 'zod';
import { type Conversation, timeSchema } from '#contracts';
import { decodeCursor } from '#platform';
import { defaultTitle } from './conversation-title.ts';
import type { StoredConversation } from './conversation.entity.ts';

export const conversationOf = ({
  id,
  title,
  model,
  createdAt,
  updatedAt,
}: StoredConversation): Conversation => ({
  id,
  title: title ?? defaultTitle,
  model,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** In the list of a person: newest first. */
export type ConversationPlace = [updatedAt: string, id: string];

const placeSchema = z.tuple([timeSchema, z.uuid()]);

export const conversationPlace = ({
  updatedAt,
  id,
}: Pick<StoredConversation, 'updatedAt' | 'id'>): ConversationPlace => [updatedAt.toISOString(), id];

export const readConversationPlace = (cursor: string | undefined): ConversationPlace | null =>
  decodeCursor(cursor, placeSchema);
