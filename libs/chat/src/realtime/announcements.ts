import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EventBus } from '#platform';
import { conversationDeleted, conversationUpdated } from '../conversations/conversations.ts';
import { generationTold } from '../streaming/stream-event.ts';
import { ChatGateway } from './chat.gateway.ts';

/** What happens, passed on to the open tabs. The bus reaches every process, so each tells its own sockets and no other. */
@Injectable()
export class Announcements implements OnApplicationShutdown {
  private readonly unsubscribe: (() => void)[];

  constructor(bus: EventBus, gateway: ChatGateway) {
    this.unsubscribe = [
      bus.subscribe(generationTold, ({ userId, event }) => gateway.tell(userId, event.name, event.data)),
      bus.subscribe(conversationUpdated, ({ userId, conversation }) =>
        gateway.tell(userId, 'conversation:updated', { conversation }),
      ),
      bus.subscribe(conversationDeleted, ({ userId, conversationId }) =>
        gateway.tell(userId, 'conversation:deleted', { conversationId }),
      ),
    ];
  }

  /** After the answers that were under way: until then somebody may be looking. */
  onApplicationShutdown(): void {
    this.unsubscribe.forEach((stop) => stop());
  }
}
