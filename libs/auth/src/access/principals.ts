import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { type ApiCaller, EntraBearer } from '../bearer/entra-bearer.ts';
import { Authenticator, type Credential, type LiveSession } from './authenticator.ts';
import { SessionJwt } from './session-jwt.ts';

/** Who makes a call: a person with a session, or with a token of Entra's and none. */
export type Principal = LiveSession | ApiCaller;

/** From whatever a request presents to who makes it. Sockets ask the authenticator: they belong to a session. */
@Injectable()
export class Principals {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly jwt: SessionJwt,
    private readonly bearer: EntraBearer,
  ) {}

  of(credential: Credential): Promise<Principal | ErrorCode> {
    const token = bearerTokenOf(credential.authorization);
    return token === null || this.jwt.isOurs(token)
      ? this.authenticator.authenticate(credential)
      : this.bearer.authenticate(token);
  }
}

/** RFC 6750, 2.1: one token, of these characters. How long it may be is up to the HTTP server. */
export function bearerTokenOf(authorization: string | undefined): string | null {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  return token ?? null;
}
