import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { type AccessTokenAnswer, accessTokenAnswerSchema } from '#contracts';
import { AppError, Public, Returns, SignedIn } from '#platform';
import type { LiveSession } from './authenticator.ts';
import { CurrentSession } from './current-session.ts';
import { SessionJwt, sessionJwtSeconds } from './session-jwt.ts';
import { SigningKeys } from './signing-keys.ts';

@Controller()
export class TokenController {
  constructor(
    private readonly tokens: SessionJwt,
    private readonly keys: SigningKeys,
  ) {}

  @Post('api/auth/token')
  @HttpCode(200)
  @SignedIn()
  @Returns(accessTokenAnswerSchema)
  async issue(
    @CurrentSession() { user, session }: LiveSession,
    @Req() { headers }: FastifyRequest,
  ): Promise<AccessTokenAnswer> {
    // Else a token would be good for as long as its session, whoever got hold of it.
    if (headers.authorization !== undefined) throw new AppError('forbidden');
    const accessToken = await this.tokens.issue({ userId: user.id, sessionId: session.id });
    return { accessToken, tokenType: 'Bearer', expiresIn: sessionJwtSeconds };
  }

  @Get('.well-known/jwks.json')
  @Public()
  @Header('cache-control', 'public, max-age=300')
  publish(): Promise<JSONWebKeySet> {
    return this.keys.published();
  }
}
