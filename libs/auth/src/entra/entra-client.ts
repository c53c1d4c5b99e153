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

/** Device code belongs to public clients: its tokens are refreshed without the application's own credential. */
type MsalClient = 'confidential' | 'public';
/** Whose credentials they are; those of the Azure CLI lie in its own folder. */
export type ClientKind = MsalClient | 'azure_cli';

export interface AcquiredToken {
  accessToken: string;
  expiresAt: Date;
}

/** What a proof brings home: the ID token to verify, and the cache from which further tokens come. */
export interface EntraTokens extends AcquiredToken {
  idToken: string;
  cache: string;
  client: MsalClient;
}

/** `openid`, `profile` and `offline_access` are added by MSAL. */
export const signInScopes = ['User.Read'];

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

  /** `again`: whoever is signed in at Entra proves once more who they are. */
  async authorizationUrl({
    again,
    ...request
  }: {
    state: string;
    nonce: string;
    codeChallenge: string;
    again?: { loginHint: string | null } | undefined;
  }): Promise<string> {
    const metadata = await this.metadata.get();
    return this.confidential(metadata, new EntraNetwork(this.entraFetch.fetch)).getAuthCodeUrl({
      ...request,
      ...(again ? askAgain(again.loginHint) : {}),
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

  /** A token for `scope` from a person's cache; asks Entra with the refresh token if `renew`. Throws EntraFailure. */
  async acquire(
    held: { cache: string; client: MsalClient },
    scope: string,
    { renew }: { renew: boolean },
  ): Promise<AcquiredToken & { cache: string }> {
    const network = new EntraNetwork(this.entraFetch.fetch);
    const metadata = await this.metadata.get();
    const application =
      held.client === 'public'
        ? new PublicClientApplication(this.configuration(metadata, network))
        : this.confidential(metadata, network);
    application.getTokenCache().deserialize(held.cache);
    const [account] = await application.getTokenCache().getAllAccounts();
    if (!account) throw new EntraFailure('sign_in_again', null);
    const result = await failing(network, () =>
      application.acquireTokenSilent({ account, scopes: [scope], forceRefresh: renew }),
    );
    return { ...toAcquiredToken(result), cache: application.getTokenCache().serialize() };
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

/** OpenID Connect Core 3.1.2.1. `max_age` asks for `auth_time` in return; MSAL's own option of that name fails at 0. */
const askAgain = (loginHint: string | null) => ({
  prompt: 'login',
  extraQueryParameters: { max_age: '0' },
  ...(loginHint ? { loginHint } : {}),
});

async function toEntraTokens(
  client: MsalClient,
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
