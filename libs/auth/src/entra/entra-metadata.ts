import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AppError, Clock, type Fetch } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraFetch } from './entra-fetch.ts';

/** Browsers are sent to some of these. */
const webAddress = z.url({ protocol: /^https?$/ });
const documentSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: webAddress,
  token_endpoint: webAddress,
  device_authorization_endpoint: webAddress.optional(),
  end_session_endpoint: webAddress.optional(),
  jwks_uri: webAddress,
});

type Document = z.infer<typeof documentSchema>;

export interface EntraMetadata {
  document: Document;
  /** As it was received, for MSAL. */
  json: string;
  keys: JWTVerifyGetKey;
  fetchedAt: Date;
}

const freshForMs = 60 * 60 * 1000;
/** Entra publishes new keys well before it signs with them; a day-old document still works when Entra is away. */
const usableForMs = 24 * 60 * 60 * 1000;
/** Unknown key ids make us look again; this bounds how often someone else can make us ask. */
const keyFetchesPerMinute = 10;

/** Entra's OpenID metadata and signing keys, fetched when first needed, checked, kept, and renewed. */
@Injectable()
export class EntraMetadataSource {
  private current: EntraMetadata | null = null;
  private pending: Promise<EntraMetadata> | null = null;

  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly entraFetch: EntraFetch,
  ) {}

  /** Throws AppError sign_in_unavailable when Entra cannot be reached or is not the tenant's. */
  async get(): Promise<EntraMetadata> {
    const age = this.current ? this.clock.now().getTime() - this.current.fetchedAt.getTime() : Infinity;
    if (this.current && age < freshForMs) return this.current;
    try {
      this.pending ??= this.load().finally(() => (this.pending = null));
      this.current = await this.pending;
      return this.current;
    } catch (cause) {
      if (this.current && age < usableForMs) return this.current;
      throw cause instanceof AppError ? cause : new AppError('sign_in_unavailable', {}, { cause });
    }
  }

  /** When the metadata was last fetched; for readiness. */
  get fetchedAt(): Date | null {
    return this.current?.fetchedAt ?? null;
  }

  private async load(): Promise<EntraMetadata> {
    const response = await this.entraFetch.fetch(
      `${this.config.authorityHost}/${this.config.tenantId}/v2.0/.well-known/openid-configuration`,
    );
    if (!response.ok) throw new Error(`OpenID metadata: status ${response.status}`);
    const json = await response.text();
    const document = documentSchema.parse(JSON.parse(json));
    this.requireOwnIssuer(document.issuer);
    this.requireOwnHost(document);
    return { document, json, keys: this.keySet(document.jwks_uri), fetchedAt: this.clock.now() };
  }

  /** MSAL compares hosts only; another tenant's document on the same host would pass there (security.md OID-16). */
  private requireOwnIssuer(issuer: string): void {
    const { authorityHost, tenantId } = this.config;
    const expected = [`${authorityHost}/${tenantId}/v2.0`];
    if (tenantId === 'common' || tenantId === 'organizations')
      expected.push(`${authorityHost}/{tenantid}/v2.0`);
    if (!expected.includes(issuer))
      throw new Error(`OpenID metadata: issuer ${issuer} is not ${expected[0]}`);
  }

  /** What we call ourselves lies where the document does: one with keys elsewhere would otherwise be kept for its hour. */
  private requireOwnHost({ jwks_uri, token_endpoint, device_authorization_endpoint }: Document): void {
    const { origin } = new URL(this.config.authorityHost);
    for (const address of [jwks_uri, token_endpoint, device_authorization_endpoint])
      if (address && new URL(address).origin !== origin)
        throw new Error(`OpenID metadata: ${address} is not at ${origin}`);
  }

  private keySet(url: string): JWTVerifyGetKey {
    return createRemoteJWKSet(new URL(url), { cooldownDuration: 0, [customFetch]: this.boundedFetch() });
  }

  private boundedFetch(): Fetch {
    let recent: number[] = [];
    return (input, init) => {
      const now = this.clock.now().getTime();
      recent = recent.filter((time) => now - time < 60_000);
      if (recent.length >= keyFetchesPerMinute) throw new Error('signing keys were asked for too often');
      recent.push(now);
      return this.entraFetch.fetch(input, init);
    };
  }
}
