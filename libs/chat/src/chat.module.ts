import { type DynamicModule, Global, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Redis } from '#platform';
import { ChatConfig } from './config/chat-config.ts';
import { ConversationSearch } from './conversations/conversation-search.ts';
import { Conversations } from './conversations/conversations.ts';
import { ConversationsController } from './conversations/conversations.controller.ts';
import { Finishing } from './generation/finishing.ts';
import { GenerationEvents } from './generation/generation-events.ts';
import { GenerationMetrics } from './generation/generation-metrics.ts';
import { GenerationRows } from './generation/generation-rows.ts';
import { GenerationRunner } from './generation/generation-runner.ts';
import { Generations } from './generation/generations.ts';
import { GenerationsController } from './generation/generations.controller.ts';
import { MessagesController } from './generation/messages.controller.ts';
import { Recovery } from './generation/recovery.ts';
import { Transcript } from './generation/transcript.ts';
import { WholeTurns } from './generation/whole-turn.ts';
import { Messages } from './messages/messages.ts';
import { AzureChatModel } from './model/azure-chat-model.ts';
import { ChatModel } from './model/chat-model.ts';
import { ModelCatalog } from './config/model-catalog.ts';
import { modelLimits } from './model/model-limits.ts';
import { ModelsController } from './model/models.controller.ts';
import { countResponses } from './model/response-metrics.ts';
import { Announcements } from './realtime/announcements.ts';
import { ChatGateway } from './realtime/chat.gateway.ts';
import { MemoryStreamLog } from './streaming/memory-stream-log.ts';
import { RedisStreamLog } from './streaming/redis-stream-log.ts';
import { StreamLog } from './streaming/stream-log.ts';
import { UsageFigures } from './usage/usage-figures.ts';
import { UsageDays } from './usage/usage-days.ts';

export interface ChatModuleOptions {
  config: ChatConfig;
  /** Provides `AccessTokenSource`; what it injects comes from `imports` or from global modules. */
  accessTokenSource: Provider;
  imports?: ModuleMetadata['imports'];
}

/** Conversations, the answers to them, and the live connection. Needs ScheduleModule in the application. */
@Global()
@Module({})
export class ChatModule {
  static forRoot({ config, accessTokenSource, imports = [] }: ChatModuleOptions): DynamicModule {
    return {
      module: ChatModule,
      imports,
      controllers: [ModelsController, ConversationsController, MessagesController, GenerationsController],
      providers: [
        { provide: ChatConfig, useValue: config },
        {
          provide: ChatModel,
          inject: [Registry],
          useFactory: (registry: Registry) =>
            new AzureChatModel(config, modelLimits, (fetch) => countResponses(registry, fetch)),
        },
        {
          provide: StreamLog,
          inject: [Redis],
          useFactory: (redis: Redis | null) => (redis ? new RedisStreamLog(redis) : new MemoryStreamLog()),
        },
        accessTokenSource,
        ModelCatalog,
        Conversations,
        ConversationSearch,
        Messages,
        UsageDays,
        UsageFigures,
        GenerationMetrics,
        GenerationRows,
        Finishing,
        GenerationRunner,
        Recovery,
        GenerationEvents,
        Transcript,
        Generations,
        WholeTurns,
        ChatGateway,
        Announcements,
      ],
      exports: [ChatGateway, Generations, UsageFigures],
    };
  }
}
