import { Injectable } from '@nestjs/common';
import { type ClientKind, EntraClient, type SilentTokens } from '../entra/entra-client.ts';

export interface HeldCredentials {
  userId: string;
  client: ClientKind;
  /** MSAL's cache; what other kinds of credentials keep instead is their own affair. */
  cache: string;
}

/** Where a person's next token comes from, whatever they signed in with. */
@Injectable()
export class CredentialSource {
  constructor(private readonly entra: EntraClient) {}

  /** Throws EntraFailure. `renew`: not one that was kept, a new one. */
  acquire(
    { client, cache }: HeldCredentials,
    scope: string,
    { renew }: { renew: boolean },
  ): Promise<SilentTokens> {
    return this.entra.acquire({ client, cache }, scope, { renew });
  }
}
