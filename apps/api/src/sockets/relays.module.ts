import { Module, type OnModuleDestroy } from '@nestjs/common';
import { azureTokenChanged, permissionsWithdrawn, sessionEnded } from '#auth';
import { ChatGateway, Generations } from '#chat';
import { EventBus } from '#platform';
import { SocketReview } from './socket-review.ts';

/** What auth announces, passed on to the sockets and generations that chat holds. */
@Module({ providers: [SocketReview] })
export class RelaysModule implements OnModuleDestroy {
  private readonly unsubscribe: (() => void)[];

  constructor(bus: EventBus, gateway: ChatGateway, generations: Generations) {
    this.unsubscribe = [
      bus.subscribe(sessionEnded, ({ sessionId, code }) => gateway.endSession(sessionId, code)),
      bus.subscribe(azureTokenChanged, ({ userId, azureToken }) =>
        gateway.tell(userId, 'azure-token:changed', { azureToken }),
      ),
      bus.subscribe(permissionsWithdrawn, async ({ userId, permissions }) => {
        if (permissions.includes('chat.use')) await generations.stopAll({ userId });
      }),
    ];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
  }
}
