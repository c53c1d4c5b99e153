import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AzureToken } from '#contracts';
import { Clock, EventBus, ShortMemory } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { type Standing, tokenStatus } from './token-status.ts';
import { azureTokenChanged, credentialsReplaced, TokenVault } from './token-vault.ts';

/** How the Azure token of a person stands, for what every open page asks again and again. */
@Injectable()
export class KnownStandings implements OnModuleDestroy {
  private readonly memory: ShortMemory<Standing | null>;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly vault: TokenVault,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
    bus: EventBus,
  ) {
    this.memory = new ShortMemory(bus, clock);
    const forget = ({ userId }: { userId: string }) => this.memory.forget((_, key) => key === userId);
    this.unsubscribe = [bus.subscribe(azureTokenChanged, forget), bus.subscribe(credentialsReplaced, forget)];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
    this.memory.close();
  }

  async status(userId: string): Promise<AzureToken> {
    const standing = await this.memory.get(userId, () => this.vault.standing(userId));
    return tokenStatus(standing, this.clock.now(), this.config.refreshBufferSeconds);
  }
}
