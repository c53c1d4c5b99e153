import { Injectable } from '@nestjs/common';
import { AuthConfig, AzureTokens, OnBehalfOf } from '#auth';
import type { AccessTokenSource, RejectedToken } from '#chat';
import type { Caller } from '#platform';

/** Chat asks for a person's token: the vault has what a session brought, an API caller's own token brings another. */
@Injectable()
export class VaultTokenSource implements AccessTokenSource {
  constructor(
    private readonly tokens: AzureTokens,
    private readonly onBehalfOf: OnBehalfOf,
    private readonly config: AuthConfig,
  ) {}

  accessToken(
    { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
    rejected?: RejectedToken,
  ): Promise<string> {
    const source = sessionId === null ? this.onBehalfOf : this.tokens;
    return source.accessToken(userId, this.config.openAiScope, rejected);
  }
}
