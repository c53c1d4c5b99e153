import { Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { type AccessTokenAnswer, accessTokenAnswerSchema } from '#contracts';
import { Public, Returns, SignedIn } from '#platform';
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
  async issue(@CurrentSession() { user, session }: LiveSession): Promise<AccessTokenAnswer> {
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
