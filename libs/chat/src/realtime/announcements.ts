import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from '#platform';
import { conversationDeleted, conversationUpdated } from '../conversations/conversations.ts';
import { ChatGateway } from './chat.gateway.ts';

/** What happens to conversations, passed on to the open tabs. The bus reaches every process, so each tells its own. */
@Injectable()
export class Announcements implements OnModuleDestroy {
  private readonly unsubscribe: (() => void)[];

  constructor(bus: EventBus, gateway: ChatGateway) {
    this.unsubscribe = [
      bus.subscribe(conversationUpdated, ({ userId, conversation }) =>
        gateway.tellHere(userId, 'conversation:updated', { conversation }),
      ),
      bus.subscribe(conversationDeleted, ({ userId, conversationId }) =>
        gateway.tellHere(userId, 'conversation:deleted', { conversationId }),
      ),
    ];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
  }
}
