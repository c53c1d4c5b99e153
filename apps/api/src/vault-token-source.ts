import { Injectable } from '@nestjs/common';
import { AuthConfig, TokenVault } from '#auth';
import type { AccessTokenSource } from '#chat';

/** Chat asks for a person's token; the vault has it. */
@Injectable()
export class VaultTokenSource implements AccessTokenSource {
  constructor(
    private readonly vault: TokenVault,
    private readonly config: AuthConfig,
  ) {}

  accessToken(userId: string, rejected?: string): Promise<string> {
    return this.vault.accessToken(userId, this.config.openAiScope, rejected);
  }
}
