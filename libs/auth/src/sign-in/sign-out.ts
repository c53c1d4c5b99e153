import { Injectable } from '@nestjs/common';
import { SessionEndings } from '../account/session-endings.ts';
import type { LiveSession } from '../access/authenticator.ts';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraMetadataSource } from '../entra/entra-metadata.ts';

@Injectable()
export class SignOut {
  constructor(
    private readonly endings: SessionEndings,
    private readonly config: AuthConfig,
    private readonly metadata: EntraMetadataSource,
  ) {}

  /** Ends the session; with a person's last session their Azure tokens go too. */
  async signOut({ user, session }: LiveSession): Promise<void> {
    await this.endings.end(user.id, session.id, { why: 'signed_out', by: user.id });
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
