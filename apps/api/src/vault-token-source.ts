import { Injectable } from '@nestjs/common';
import { AuthConfig, OnBehalfOf, TokenVault } from '#auth';
import type { AccessTokenSource } from '#chat';
import type { Caller } from '#platform';

/** Chat asks for a person's token: the vault has what a session brought, an API caller's own token brings another. */
@Injectable()
export class VaultTokenSource implements AccessTokenSource {
  constructor(
    private readonly vault: TokenVault,
    private readonly onBehalfOf: OnBehalfOf,
    private readonly config: AuthConfig,
  ) {}

  accessToken(
    { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
    rejected?: string,
  ): Promise<string> {
    const source = sessionId === null ? this.onBehalfOf : this.vault;
    return source.accessToken(userId, this.config.openAiScope, rejected);
  }
}
