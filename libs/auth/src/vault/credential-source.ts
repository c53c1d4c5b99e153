import { Injectable, Logger } from '@nestjs/common';
import { AzureCli, type CliToken } from '../azure-cli/azure-cli.ts';
import { CliFailure, type CliFailureReason } from '../azure-cli/cli-failure.ts';
import { CliFolders } from '../azure-cli/cli-folders.ts';
import { type AcquiredToken, type ClientKind, EntraClient } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';

export interface HeldCredentials {
  userId: string;
  client: ClientKind;
  /** MSAL's cache; what other kinds of credentials keep instead is their own affair. */
  cache: string;
}

/** Where a person's next token comes from, whatever they signed in with. */
@Injectable()
export class CredentialSource {
  private readonly logger = new Logger(CredentialSource.name);

  constructor(
    private readonly entra: EntraClient,
    private readonly cli: AzureCli,
    private readonly folders: CliFolders,
  ) {}

  /** Throws EntraFailure. `renew`: not one that was kept, a new one. */
  async acquire(
    { userId, client, cache }: HeldCredentials,
    scope: string,
    { renew }: { renew: boolean },
  ): Promise<AcquiredToken & { cache: string }> {
    if (client !== 'azure_cli') return this.entra.acquire({ client, cache }, scope, { renew });
    return { ...(await this.acquireFromCli(userId, scope, renew)), cache };
  }

  /** What lies outside the vault goes too. For after the commit: a folder cannot be rolled back. */
  async forget(userId: string): Promise<void> {
    await this.folders.wipe(userId);
  }

  private async acquireFromCli(userId: string, scope: string, renew: boolean): Promise<CliToken> {
    // The operator no longer offers it: another way to sign in is what helps.
    if (!this.cli.isOffered) throw new EntraFailure('sign_in_again', null);
    try {
      return await this.cli.token(this.folders.ofUser(userId), scope, { renew });
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      this.logger.warn({ msg: error.message, userId });
      throw new EntraFailure(classOfCliFailure[error.reason], null, { cause: error });
    }
  }
}

export const classOfCliFailure: Record<CliFailureReason, FailureClass> = {
  login_required: 'sign_in_again',
  interaction: 'interaction',
  declined: 'sign_in_again',
  machine: 'operator',
  network: 'transient',
  timeout: 'transient',
  unknown: 'transient',
};
