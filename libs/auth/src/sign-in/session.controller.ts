import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  azureTokenAnswerSchema,
  logoutAnswerSchema,
  type Methods,
  meSchema,
  methodsSchema,
  type SessionAnswer,
  sessionAnswerSchema,
} from '#contracts';
import { OptionalSession, Public, Returns, SignedIn } from '#platform';
import type { LiveSession } from '../access/authenticator.ts';
import { CurrentPrincipal, CurrentSession } from '../access/current-session.ts';
import type { Principal } from '../access/principals.ts';
import { AuthConfig } from '../config/auth-config.ts';
import { AzureTokens } from '../refresh/azure-tokens.ts';
import { personOf, SessionAnswers } from './session-answers.ts';
import { SignInCookies } from './sign-in-cookies.ts';
import { SignOut } from './sign-out.ts';

@Controller('api/auth')
export class SessionController {
  constructor(
    private readonly config: AuthConfig,
    private readonly answers: SessionAnswers,
    private readonly tokens: AzureTokens,
    private readonly exit: SignOut,
    private readonly cookies: SignInCookies,
  ) {}

  @Get('methods')
  @Public()
  @Returns(methodsSchema)
  methods(): Methods {
    const { methods, tenants } = this.config;
    return { methods: [...methods], tenant: tenants.length === 1 ? (tenants[0] ?? null) : null };
  }

  @Get('session')
  @SignedIn()
  @Returns(sessionAnswerSchema)
  session(@CurrentSession() live: LiveSession): Promise<SessionAnswer> {
    return this.answers.for(live);
  }

  @Get('me')
  @SignedIn()
  @Returns(meSchema)
  me(@CurrentPrincipal() principal: Principal): SessionAnswer['user'] {
    return personOf(principal);
  }

  @Post('refresh')
  @HttpCode(200)
  @SignedIn()
  @Returns(azureTokenAnswerSchema)
  async refresh(@CurrentSession() { user }: LiveSession) {
    return { azureToken: await this.tokens.refreshNow(user.id) };
  }

  @Post('logout')
  @HttpCode(200)
  @OptionalSession()
  @Returns(logoutAnswerSchema)
  async logout(@CurrentSession() live: LiveSession | null, @Res({ passthrough: true }) reply: FastifyReply) {
    if (live) await this.exit.signOut(live);
    this.cookies.clearSession(reply);
    void reply.header('clear-site-data', '"cache", "storage"');
    return { logoutUrl: await this.exit.entraLogoutUrl() };
  }
}
