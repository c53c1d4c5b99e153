import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AppError, challengedClaims } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraFetch } from './entra-fetch.ts';

const text = z.string().nullish();
const profileSchema = z.object({
  id: z.string(),
  displayName: text,
  givenName: text,
  surname: text,
  mail: text,
  userPrincipalName: text,
  jobTitle: text,
  department: text,
});
export type GraphProfile = z.infer<typeof profileSchema>;

const accountSchema = z.object({ accountEnabled: z.boolean() });

const membershipsSchema = z.object({
  value: z.array(z.object({ id: z.string() })),
  '@odata.nextLink': z.string().optional(),
});

/** Far above any real number of groups; ends a page chain that never does. */
const mostPages = 100;

/** Graph does not take the token: another may help, or the person, where it says which claims it wants. */
export class GraphRefusal extends AppError {
  constructor(readonly claims: string | null) {
    super('sign_in_unavailable', {}, { cause: new Error('Graph answered 401') });
  }
}

/** Microsoft Graph, asked with the person's own token. Every failure is AppError sign_in_unavailable. */
@Injectable()
export class Graph {
  constructor(
    private readonly config: AuthConfig,
    private readonly entraFetch: EntraFetch,
  ) {}

  profile(accessToken: string): Promise<GraphProfile> {
    const fields = Object.keys(profileSchema.shape).join(',');
    return this.get(`${this.config.graphUrl}/v1.0/me?$select=${fields}`, accessToken, profileSchema);
  }

  /** Whether Graph says in so many words that the account is disabled; false where it says nothing. */
  async isDisabled(accessToken: string): Promise<boolean> {
    const url = `${this.config.graphUrl}/v1.0/me?$select=accountEnabled`;
    const account = await this.get(url, accessToken, accountSchema).catch(() => null);
    return account?.accountEnabled === false;
  }

  /** Ids of all groups the person is in, also through other groups. All pages or none. */
  async groups(accessToken: string): Promise<string[]> {
    const ids: string[] = [];
    let next: string | undefined = `${this.config.graphUrl}/v1.0/me/transitiveMemberOf?$select=id&$top=999`;
    for (let page = 0; next !== undefined; page += 1) {
      if (page === mostPages)
        throw new AppError('sign_in_unavailable', {}, { cause: new Error('too many pages of groups') });
      const answer: z.infer<typeof membershipsSchema> = await this.get(next, accessToken, membershipsSchema);
      ids.push(...answer.value.map(({ id }) => id.toLowerCase()));
      next = answer['@odata.nextLink'];
    }
    return ids;
  }

  private async get<Schema extends z.ZodType>(
    url: string,
    accessToken: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    try {
      const response = await this.entraFetch.fetch(url, {
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      });
      if (response.status === 401)
        throw new GraphRefusal(challengedClaims(response.headers.get('www-authenticate')));
      if (!response.ok) throw new Error(`Graph answered ${response.status}`);
      return schema.parse(await response.json());
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('sign_in_unavailable', {}, { cause });
    }
  }
}
