import { Injectable } from '@nestjs/common';
import { type Fetch, outboundFetch } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';

export const entraTimeoutMs = 15_000;

/** The door to Entra and Graph: these two origins and no others. */
@Injectable()
export class EntraFetch {
  readonly fetch: Fetch;

  constructor({ authorityHost, graphUrl }: AuthConfig) {
    this.fetch = outboundFetch({ origins: [authorityHost, graphUrl], timeoutMs: entraTimeoutMs });
  }
}
