import { Injectable } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AppError, Clock } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraFetch } from './entra-fetch.ts';
import { type Patience, signingKeys } from './signing-keys.ts';

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
const patience: Patience = { usableForMs: 24 * 60 * 60 * 1000, retryAfterMs: 30_000 };

/** Entra's OpenID metadata and signing keys, fetched when first needed, checked, kept, and renewed. */
@Injectable()
export class EntraMetadataSource {
  private current: EntraMetadata | null = null;
  private pending: Promise<EntraMetadata> | null = null;
  private askAgainAt = -Infinity;

  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly entraFetch: EntraFetch,
  ) {}

  /** Throws AppError sign_in_unavailable when Entra cannot be reached or is not the tenant's. */
  async get(): Promise<EntraMetadata> {
    const now = this.clock.now().getTime();
    const age = this.current ? now - this.current.fetchedAt.getTime() : Infinity;
    if (this.current && (age < freshForMs || (age < patience.usableForMs && now < this.askAgainAt)))
      return this.current;
    try {
      this.pending ??= this.load().finally(() => (this.pending = null));
      this.current = await this.pending;
      return this.current;
    } catch (cause) {
      if (this.current && age < patience.usableForMs) {
        this.askAgainAt = this.clock.now().getTime() + patience.retryAfterMs;
        return this.current;
      }
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
    return { document, json, keys: this.keysAt(document.jwks_uri), fetchedAt: this.clock.now() };
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

  /** The same ones as before, unless they moved: those that are known outlive the document. */
  private keysAt(url: string): JWTVerifyGetKey {
    if (this.current?.document.jwks_uri === url) return this.current.keys;
    return signingKeys(url, this.entraFetch.fetch, this.clock, patience);
  }
}
