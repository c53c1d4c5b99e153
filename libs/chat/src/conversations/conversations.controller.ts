import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  type Conversation,
  conversationPageSchema,
  type ConversationQuery,
  conversationQuerySchema,
  conversationSchema,
  type CreateConversation,
  createConversationSchema,
  idParamSchema,
  type ListedConversation,
  type Page,
  type UpdateConversation,
  updateConversationSchema,
} from '#contracts';
import { Access, type Caller, CurrentCaller, Returns } from '#platform';
import { ConversationSearch } from './conversation-search.ts';
import { Conversations } from './conversations.ts';

@Controller('api/chat/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: Conversations,
    private readonly conversationSearch: ConversationSearch,
  ) {}

  @Get()
  @Access('chat.read')
  @Returns(conversationPageSchema)
  list(
    @CurrentCaller() { userId }: Caller,
    @Query({ schema: conversationQuerySchema }) { search, ...page }: ConversationQuery,
  ): Promise<Page<ListedConversation>> {
    return search?.trim()
      ? this.conversationSearch.find(userId, search, page)
      : this.conversations.list(userId, page);
  }

  @Post()
  @Access('chat.use')
  @Returns(conversationSchema, { status: 201 })
  create(
    @CurrentCaller() { userId }: Caller,
    @Body({ schema: createConversationSchema }) body: CreateConversation,
  ): Promise<Conversation> {
    return this.conversations.create(userId, body);
  }

  @Get(':id')
  @Access('chat.read')
  @Returns(conversationSchema)
  get(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<Conversation> {
    return this.conversations.get(userId, id);
  }

  @Patch(':id')
  @Access('chat.use')
  @Returns(conversationSchema)
  update(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: updateConversationSchema }) body: UpdateConversation,
  ): Promise<Conversation> {
    return this.conversations.update(userId, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('chat.use')
  @Returns(z.undefined(), { status: 204 })
  delete(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<void> {
    return this.conversations.delete(userId, id);
  }
}
