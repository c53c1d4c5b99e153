import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit';
import { AppError, Database } from '#platform';
import { Users } from '../users/users.ts';
import { CredentialSource } from '../vault/credential-source.ts';
import { TokenVault } from '../vault/token-vault.ts';

/** Takes a person's Azure tokens away, whatever they signed in with; their sessions stay, and ask them to sign in again. */
@Injectable()
export class TokenWipe {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly vault: TokenVault,
    private readonly credentials: CredentialSource,
    private readonly audit: AuditLog,
  ) {}

  /** Answers when nothing is left, on disk either. Throws AppError not_found. */
  async wipe(userId: string): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.users.findLocked(userId))) throw new AppError('not_found');
      await this.vault.lock(userId);
      await this.vault.discard(userId);
      await this.audit.record({
        action: 'azure_token.wiped',
        resource: { type: 'user', id: userId },
        details: { why: 'administrator' },
      });
      await this.vault.announce(userId);
    });
    await this.credentials.forget(userId);
  }
}
