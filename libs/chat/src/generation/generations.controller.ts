import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import { ApiProduces } from '@nestjs/swagger';
import {
  eventsQuerySchema,
  type Generation,
  generationDeltaSchema,
  generationFinishedSchema,
  idParamSchema,
  regeneratedSchema,
  type WholeTurn,
  type WholeTurnAnswer,
  wholeTurnAnswerSchema,
  wholeTurnSchema,
} from '#contracts';
import { Access, type Caller, CurrentCaller, Lasting, Returns } from '#platform';
import { eventStream, resumeAfter, wantsEventStream } from './event-stream.ts';
import { GenerationEvents } from './generation-events.ts';
import { messageLimit } from './message-limit.ts';
import { Generations } from './generations.ts';
import { WholeTurns } from './whole-turn.ts';

@Controller('api/chat')
export class GenerationsController {
  constructor(
    private readonly generations: Generations,
    private readonly events: GenerationEvents,
    private readonly wholeTurns: WholeTurns,
  ) {}

  @Post('generations/:id/stop')
  @HttpCode(202)
  @Access('chat.use')
  @Returns(regeneratedSchema, { status: 202 })
  stop(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<{ generation: Generation }> {
    return this.generations.stop(caller, id);
  }

  @Get('generations/:id/events')
  @Access('chat.read')
  @ApiProduces('text/event-stream')
  @Returns(generationDeltaSchema.or(generationFinishedSchema))
  follow(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: eventsQuerySchema }) { after }: { after: number },
    @Headers('last-event-id') lastEventId: unknown,
  ): Promise<Response> {
    return eventStream((gone) => this.events.follow(caller, id, resumeAfter(after, lastEventId), gone));
  }

  @Post('message')
  @Lasting()
  @Throttle({ person: messageLimit })
  @HttpCode(200)
  @Access('chat.use')
  @ApiProduces('application/json', 'text/event-stream')
  @Returns(wholeTurnAnswerSchema)
  wholeTurn(
    @CurrentCaller() caller: Caller,
    @Body({ schema: wholeTurnSchema }) body: WholeTurn,
    @Headers('accept') accept: unknown,
  ): Promise<WholeTurnAnswer | Response> {
    if (!wantsEventStream(accept)) return this.wholeTurns.complete(caller, body);
    return eventStream((gone) => this.wholeTurns.stream(caller, body, gone));
  }
}
