import { Injectable } from '@nestjs/common';
import type { GraphProfileAnswer } from '#contracts';
import { AppError } from '#platform';
import { Graph, type GraphProfile, GraphRefusal } from '../entra/graph.ts';
import { signInScope } from '../entra/scopes.ts';
import { AzureTokens, type RejectedToken, type SuppliedToken } from './azure-tokens.ts';

/** The person as Graph describes them now, with their own token, renewed once where Graph does not take it. */
@Injectable()
export class GraphProfiles {
  constructor(
    private readonly tokens: AzureTokens,
    private readonly graph: Graph,
  ) {}

  /** Throws AppError reauthentication_required when Graph wants more of the person than a token can prove. */
  async of(userId: string): Promise<GraphProfileAnswer> {
    const supplied = await this.tokens.supply(userId, signInScope);
    try {
      return await this.read(supplied);
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      const rejected: RejectedToken = { accessToken: supplied.accessToken, claims: error.claims };
      return this.again(userId, rejected);
    }
  }

  private async again(userId: string, rejected: RejectedToken): Promise<GraphProfileAnswer> {
    const supplied = await this.tokens.supply(userId, signInScope, rejected);
    try {
      return await this.read(supplied);
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      const { accessToken } = supplied;
      if (error.claims) await this.tokens.supply(userId, signInScope, { accessToken, claims: error.claims });
      throw new AppError('reauthentication_required', {}, { cause: error.cause });
    }
  }

  private async read({ accessToken, source }: SuppliedToken): Promise<GraphProfileAnswer> {
    return { profile: toWire(await this.graph.profile(accessToken)), tokenSource: source };
  }
}

/** Graph leaves out what is not set, or says null. */
const toWire = (profile: GraphProfile): GraphProfileAnswer['profile'] => ({
  id: profile.id,
  displayName: profile.displayName ?? null,
  givenName: profile.givenName ?? null,
  surname: profile.surname ?? null,
  mail: profile.mail ?? null,
  userPrincipalName: profile.userPrincipalName ?? null,
  jobTitle: profile.jobTitle ?? null,
  department: profile.department ?? null,
});
