import { Module, type OnModuleDestroy } from '@nestjs/common';
import { azureTokenChanged, sessionEnded } from '#auth';
import { ChatGateway } from '#chat';
import { EventBus } from '#platform';

/** What auth announces, passed on to the sockets and generations that chat holds. */
@Module({})
export class RelaysModule implements OnModuleDestroy {
  private readonly unsubscribe: (() => void)[];

  constructor(bus: EventBus, gateway: ChatGateway) {
    this.unsubscribe = [
      bus.subscribe(sessionEnded, ({ sessionId, code }) => gateway.endSession(sessionId, code)),
      bus.subscribe(azureTokenChanged, ({ userId, azureToken }) =>
        gateway.azureTokenChanged(userId, azureToken),
      ),
    ];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
  }
}
