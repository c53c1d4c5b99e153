import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import {
  type Generation,
  idParamSchema,
  type Message,
  messagePageSchema,
  messageQuerySchema,
  type Page,
  type PageQuery,
  type Regenerate,
  regeneratedSchema,
  regenerateSchema,
  type SendMessage,
  sendMessageSchema,
  type SentMessage,
  sentMessageSchema,
} from '#contracts';
import { Access, type Caller, CurrentCaller, Returns } from '#platform';
import { Generations } from './generations.ts';
import { messageLimit } from './message-limit.ts';
import { Transcript } from './transcript.ts';

@Controller('api/chat')
export class MessagesController {
  constructor(
    private readonly transcript: Transcript,
    private readonly generations: Generations,
  ) {}

  @Get('conversations/:id/messages')
  @Access('chat.read')
  @Returns(messagePageSchema)
  list(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: messageQuerySchema }) query: PageQuery,
  ): Promise<Page<Message>> {
    return this.transcript.page(userId, id, query);
  }

  @Post('conversations/:id/messages')
  @Throttle({ person: messageLimit })
  @HttpCode(202)
  @Access('chat.use')
  @Returns(sentMessageSchema, { status: 202 })
  send(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: sendMessageSchema }) body: SendMessage,
  ): Promise<SentMessage> {
    return this.generations.send(caller, id, body);
  }

  @Post('messages/:id/regenerate')
  @Throttle({ person: messageLimit })
  @HttpCode(202)
  @Access('chat.use')
  @Returns(regeneratedSchema, { status: 202 })
  regenerate(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: regenerateSchema }) body: Regenerate,
  ): Promise<{ generation: Generation }> {
    return this.generations.regenerate(caller, id, body);
  }
}
