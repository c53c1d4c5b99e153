import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit';
import { Database } from '#platform';
import type { LiveSession } from '../access/authenticator.ts';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraMetadataSource } from '../entra/entra-metadata.ts';
import { Sessions } from '../sessions/sessions.ts';
import { TokenVault } from '../vault/token-vault.ts';

@Injectable()
export class SignOut {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly vault: TokenVault,
    private readonly audit: AuditLog,
    private readonly config: AuthConfig,
    private readonly metadata: EntraMetadataSource,
  ) {}

  /** Ends the session; with a person's last session their Azure tokens go too. */
  async signOut({ user, session }: LiveSession): Promise<void> {
    await this.database.transaction(async () => {
      const ended = await this.sessions.end(user.id, session.id, 'signed_out', user.id);
      if (!ended) return;
      if (!(await this.sessions.hasLive(user.id))) await this.vault.wipe(user.id);
      await this.audit.record({ action: 'signed_out', resource: { type: 'session', id: session.id } });
    });
  }

  /** Where Entra ends its own session and sends the browser back to our login page. Works while Entra is away. */
  async entraLogoutUrl(): Promise<string> {
    const { authorityHost, tenantId, publicUrl } = this.config;
    const metadata = await this.metadata.get().catch(() => null);
    const url = new URL(
      metadata?.document.end_session_endpoint ?? `${authorityHost}/${tenantId}/oauth2/v2.0/logout`,
    );
    url.searchParams.set('post_logout_redirect_uri', `${publicUrl}/login`);
    return url.href;
  }
}
