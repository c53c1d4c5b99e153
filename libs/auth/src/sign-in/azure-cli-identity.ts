/**
 * The identity that a sign-in with the Azure CLI brings. `az` speaks to Entra by itself, at the one tenant, and hands us no
 * ID token that was issued to us. So Microsoft Graph vouches: we ask it ourselves, with the token that the CLI has just
 * been given for it, who and of which tenant that token is; Graph has verified it. Both must be what `az` says and what is
 * allowed here, and the groups are complete or the sign-in fails. App roles do not come this way.
 */
import { Injectable } from '@nestjs/common';
import { AppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { Graph } from '../entra/graph.ts';
import { givenRoles } from '../users/roles.ts';
import type { NewCredentials } from '../vault/token-vault.ts';
import { profileOf, type VerifiedIdentity } from './verified-identity.ts';

export interface AzureCliProof {
  /** As `az ad signed-in-user show` says. */
  signedInUserId: string;
  graphToken: string;
  openAiToken: NewCredentials['token'];
}

@Injectable()
export class AzureCliIdentity {
  constructor(
    private readonly config: AuthConfig,
    private readonly graph: Graph,
  ) {}

  /** Throws AppError. */
  async verify({ signedInUserId, graphToken, openAiToken }: AzureCliProof): Promise<VerifiedIdentity> {
    const profile = await this.graph.profile(graphToken);
    const tenantId = await this.graph.tenantId(graphToken);
    const objectId = profile.id.toLowerCase();
    if (objectId !== signedInUserId.toLowerCase()) throw refused('the profile is another person’s');
    const isAllowed = this.config.tenants.includes(tenantId) && tenantId === this.config.azureCli?.tenantId;
    if (!isAllowed) throw refused('the token is of another tenant');
    const groups = this.config.roleMappings.length > 0 ? await this.graph.groups(graphToken) : [];
    return {
      method: 'azure_cli',
      person: {
        tenantId,
        objectId,
        ...profileOf(profile),
        ...givenRoles({ groups, appRoles: [] }, this.config),
      },
      // Neither is to be had from the Azure CLI: the sign-in counts from its own moment.
      authenticatedAt: null,
      entraSessionId: null,
      credentials: { client: 'azure_cli', cache: '', token: openAiToken },
    };
  }
}

const refused = (reason: string): AppError =>
  new AppError('sign_in_failed', {}, { cause: new Error(reason) });
