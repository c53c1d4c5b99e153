import { Injectable } from '@nestjs/common';
import {
  type AuthenticationResult,
  ClientAuthError,
  ConfidentialClientApplication,
  type Configuration,
  type INetworkModule,
  LogLevel,
  PublicClientApplication,
} from '@azure/msal-node';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraFetch } from './entra-fetch.ts';
import { classOf, EntraFailure, type FailureClass } from './entra-failure.ts';
import { type EntraMetadata, EntraMetadataSource } from './entra-metadata.ts';
import { EntraNetwork } from './entra-network.ts';
import { signInScope } from './scopes.ts';

/** Device code belongs to public clients: its tokens are refreshed without the application's own credential. */
export type ClientKind = 'confidential' | 'public';

export interface AcquiredToken {
  accessToken: string;
  expiresAt: Date;
}

/** What a proof brings home: the ID token to verify, and the cache from which further tokens come. */
export interface EntraTokens extends AcquiredToken {
  idToken: string;
  cache: string;
  client: ClientKind;
}

/** What silence brings: a token, the cache to go on with, and Entra's word on whose it is, where it gives one. */
export interface SilentTokens extends AcquiredToken {
  cache: string;
  /** Null where the token came from the cache, or the answer has none. */
  idToken: string | null;
}

export const signInScopes = [signInScope];

/**
 * MSAL, one application object per operation: each works on one person's cache, which is read from and written back to
 * the vault, so two people's tokens never share memory.
 */
@Injectable()
export class EntraClient {
  constructor(
    private readonly config: AuthConfig,
    private readonly metadata: EntraMetadataSource,
    private readonly entraFetch: EntraFetch,
  ) {}

  async authorizationUrl({
    again,
    ...request
  }: {
    state: string;
    nonce: string;
    codeChallenge: string;
    again?: Again | undefined;
  }): Promise<string> {
    const metadata = await this.metadata.get();
    return this.confidential(metadata, new EntraNetwork(this.entraFetch.fetch)).getAuthCodeUrl({
      ...request,
      ...(again ? askAgain(again) : {}),
      codeChallengeMethod: 'S256',
      scopes: signInScopes,
      redirectUri: this.config.redirectUri,
      responseMode: 'query',
    });
  }

  /** Throws EntraFailure. */
  async redeemCode(request: { code: string; codeVerifier: string; nonce: string }): Promise<EntraTokens> {
    const metadata = await this.metadata.get();
    const network = new EntraNetwork(this.entraFetch.fetch);
    const application = this.confidential(metadata, network);
    return toEntraTokens('confidential', application, network, () =>
      // The nonce goes into the request: in MSAL's second argument it is dropped for confidential clients.
      application.acquireTokenByCode({
        ...request,
        scopes: signInScopes,
        redirectUri: this.config.redirectUri,
      }),
    );
  }

  /** Throws EntraFailure. `network` paces the polling. */
  async redeemDeviceCode(network: EntraNetwork): Promise<EntraTokens> {
    const application = new PublicClientApplication(this.configuration(await this.metadata.get(), network));
    return toEntraTokens('public', application, network, () =>
      application.acquireTokenByDeviceCode({ scopes: signInScopes, deviceCodeCallback: () => undefined }),
    );
  }

  /**
   * A token for `scope` from a person's cache; asks Entra with the refresh token if `renew`, or where `claims` says what
   * the token must prove. Throws EntraFailure.
   */
  async acquire(
    held: { cache: string; client: ClientKind },
    scope: string,
    { renew, claims }: { renew: boolean; claims?: string | undefined },
  ): Promise<SilentTokens> {
    const network = new EntraNetwork(this.entraFetch.fetch);
    const metadata = await this.metadata.get().catch((cause: unknown) => {
      throw new EntraFailure('transient', null, { cause });
    });
    const application =
      held.client === 'public'
        ? new PublicClientApplication(this.configuration(metadata, network))
        : this.confidential(metadata, network);
    application.getTokenCache().deserialize(held.cache);
    const [account] = await application.getTokenCache().getAllAccounts();
    if (!account) throw new EntraFailure('sign_in_again', null);
    const result = await failing(network, () =>
      application.acquireTokenSilent({
        account,
        scopes: [scope],
        forceRefresh: renew,
        ...(claims ? { claims } : {}),
      }),
    );
    return {
      ...toAcquiredToken(result),
      cache: application.getTokenCache().serialize(),
      idToken: result.fromCache ? null : result.idToken || null,
    };
  }

  /**
   * Tokens for another resource in the name of the person whose access token for us this is. MSAL keeps nothing here, so
   * the refresh token that comes along is forgotten. Throws EntraFailure.
   */
  async onBehalfOf(
    { assertion, tenantId }: { assertion: string; tenantId: string },
    scopes: string[],
  ): Promise<EntraTokens> {
    const network = new EntraNetwork(this.entraFetch.fetch);
    const application = this.confidential(await this.metadata.get(), network);
    return toEntraTokens('confidential', application, network, () =>
      application.acquireTokenOnBehalfOf({
        oboAssertion: assertion,
        scopes,
        // Entra refuses this flow at the shared authorities: it is always the person's own tenant that is asked.
        authority: `${this.config.authorityHost}/${tenantId}`,
      }),
    );
  }

  private confidential(metadata: EntraMetadata, network: INetworkModule): ConfidentialClientApplication {
    const { clientSecret, clientCertificate } = this.config;
    const configuration = this.configuration(metadata, network);
    const credential = clientCertificate ? { clientCertificate } : { clientSecret: clientSecret ?? '' };
    return new ConfidentialClientApplication({
      ...configuration,
      auth: { ...configuration.auth, ...credential },
    });
  }

  private configuration(metadata: EntraMetadata, network: INetworkModule): Configuration {
    const { authorityHost, tenantId, clientId } = this.config;
    return {
      auth: {
        clientId,
        authority: `${authorityHost}/${tenantId}`,
        knownAuthorities: [new URL(authorityHost).host],
        authorityMetadata: metadata.json,
        // Declares that claims challenges are understood; without it Entra does not send them.
        clientCapabilities: ['cp1'],
      },
      system: {
        networkClient: network,
        loggerOptions: {
          loggerCallback: () => undefined,
          logLevel: LogLevel.Error,
          piiLoggingEnabled: false,
        },
      },
    };
  }
}

/** Somebody who is signed in here goes to Entra once more. */
export interface Again {
  loginHint: string | null;
  /** They prove anew who they are, whatever session there is at Entra. */
  newProof: boolean;
  /** A claims challenge, as Azure sent it; MSAL adds our capabilities to it. */
  claims?: string | undefined;
}

/** OpenID Connect Core 3.1.2.1. `max_age` asks for `auth_time` in return; MSAL's own option of that name fails at 0. */
const askAgain = ({ loginHint, newProof, claims }: Again) => ({
  ...(newProof ? { prompt: 'login', extraQueryParameters: { max_age: '0' } } : {}),
  ...(loginHint ? { loginHint } : {}),
  ...(claims ? { claims } : {}),
});

async function toEntraTokens(
  client: ClientKind,
  application: ConfidentialClientApplication | PublicClientApplication,
  network: EntraNetwork,
  acquire: () => Promise<AuthenticationResult | null>,
): Promise<EntraTokens> {
  const result = await failing(network, acquire);
  return {
    ...toAcquiredToken(result),
    idToken: result.idToken,
    cache: application.getTokenCache().serialize(),
    client,
  };
}

async function failing(
  network: EntraNetwork,
  acquire: () => Promise<AuthenticationResult | null>,
): Promise<AuthenticationResult> {
  try {
    const result = await acquire();
    if (!result) throw new Error('MSAL answered nothing');
    return result;
  } catch (cause) {
    throw new EntraFailure(network.refusal ? classOf(network.refusal) : classOfOwn(cause), network.refusal, {
      cause,
    });
  }
}

/** Failures that MSAL finds itself: nothing came through, or what came (or lies in the cache) is of no use. */
const classOfOwn = (cause: unknown): FailureClass =>
  cause instanceof ClientAuthError && cause.errorCode === 'network_error' ? 'transient' : 'sign_in_again';

const toAcquiredToken = ({ accessToken, expiresOn }: AuthenticationResult): AcquiredToken => ({
  accessToken,
  expiresAt: expiresOn ?? new Date(0),
});
