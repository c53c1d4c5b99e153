import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '#platform';
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

const membershipsSchema = z.object({
  value: z.array(z.object({ id: z.string() })),
  '@odata.nextLink': z.string().optional(),
});

const organizationsSchema = z.object({ value: z.array(z.object({ id: z.guid() })).length(1) });

/** Far above any real number of groups; ends a page chain that never does. */
const mostPages = 100;

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

  /** The tenant for which the token was issued: Graph, which has verified it, knows no other. */
  async tenantId(accessToken: string): Promise<string> {
    const url = `${this.config.graphUrl}/v1.0/organization?$select=id`;
    const { value } = await this.get(url, accessToken, organizationsSchema);
    return value[0]!.id.toLowerCase();
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
      if (!response.ok) throw new Error(`Graph answered ${response.status}`);
      return schema.parse(await response.json());
    } catch (cause) {
      throw new AppError('sign_in_unavailable', {}, { cause });
    }
  }
}
