import { Controller, Get, Header, HttpCode, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { frontChannelLogoutQuerySchema } from '#contracts';
import { Public } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { SessionEndings } from './session-endings.ts';

/**
 * OpenID Connect Front-Channel Logout: Entra loads this in a frame when the person signs out there. The frame carries no
 * cookie, so the session is found by Entra's `sid`, which only Entra and we know. The answer tells nothing.
 */
@Controller('api/auth/front-channel-logout')
export class FrontChannelLogoutController {
  private readonly issuers: ReadonlySet<string>;

  constructor(
    private readonly endings: SessionEndings,
    private readonly config: AuthConfig,
  ) {
    this.issuers = new Set(config.tenants.map((tenant) => `${config.authorityHost}/${tenant}/v2.0`));
  }

  @Get()
  @HttpCode(200)
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  async logout(
    @Query({ schema: frontChannelLogoutQuerySchema }) { iss, sid }: { iss: string; sid: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    void reply
      .header('content-security-policy', `default-src 'none'; frame-ancestors ${this.config.authorityHost}`)
      .removeHeader('x-frame-options');
    if (this.issuers.has(iss)) await this.endings.endByEntraSession(sid);
    return '<!doctype html><title>Signed out</title>';
  }
}
