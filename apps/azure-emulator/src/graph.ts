// oxlint-disable oxc/no-async-endpoint-handlers -- that is about Express; Fastify awaits its handlers.
import type { Routes } from './cloud.ts';
import { pairwiseSubject } from './entra/token-claims.ts';
import { requireCaller } from './graph/caller.ts';
import { badRequest, GraphError } from './graph/errors.ts';
import { CASTS, membershipsOf, RELATIONS } from './graph/memberships.ts';
import { organization, selectFrom, selectMembership, USER_PROPERTIES, userObject } from './graph/objects.ts';
import { pageOf } from './graph/paging.ts';
import { TENANT } from './people.ts';

type Query = { Querystring: Record<string, string | undefined> };

const READS_ME = ['User.Read', 'User.Read.All', 'Directory.AccessAsUser.All'];

/** Microsoft Graph, as far as it is about the person who asks. */
export const graph: Routes = (app, { cloud, addresses }) => {
  const { directory } = cloud;
  const context = (of: string) => ({ '@odata.context': `${addresses.graph}/v1.0/$metadata#${of}` });

  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof GraphError)) throw error;
    request.call.error = error.code;
    return error.send(reply);
  });

  app.get<Query>('/v1.0/me', async (request) => {
    const { person } = await requireCaller(cloud, request, READS_ME);
    const profile = selectFrom(userObject(person), request.query.$select, USER_PROPERTIES);
    return { ...context('users/$entity'), ...profile };
  });

  for (const relation of Object.keys(RELATIONS) as (keyof typeof RELATIONS)[]) {
    for (const [cast, suffix] of Object.entries(CASTS) as [keyof typeof CASTS, string][]) {
      const path = `/v1.0/me/${relation}${suffix}`;
      app.get<Query>(path, async (request) => {
        const caller = await requireCaller(cloud, request, READS_ME);
        const { items, next } = pageOf(membershipsOf(directory, caller, relation, cast), request.query);
        const value = items.map((item) => selectMembership(item, request.query.$select));
        const nextLink = next && { '@odata.nextLink': `${addresses.graph}${path}?${next}` };
        return { ...context('directoryObjects'), ...nextLink, value };
      });
    }
  }

  app.post<{ Body: { securityEnabledOnly?: unknown } | null }>(
    '/v1.0/me/getMemberGroups',
    async (request) => {
      const { person } = await requireCaller(cloud, request, READS_ME);
      if (typeof request.body?.securityEnabledOnly !== 'boolean') {
        throw badRequest("The parameter 'securityEnabledOnly' is required.");
      }
      const value = directory.allGroups(person).map((group) => group.id);
      return { ...context('Collection(Edm.String)'), value };
    },
  );

  app.get('/v1.0/organization', async (request) => {
    await requireCaller(cloud, request, READS_ME);
    return { ...context('organization'), value: [organization(TENANT)] };
  });

  app.get('/oidc/userinfo', async (request) => {
    const { person, claims } = await requireCaller(cloud, request, ['openid', ...READS_ME]);
    const { displayName: name, givenName: given_name, surname: family_name, mail: email } = person;
    return { sub: pairwiseSubject(person, String(claims.appid)), name, given_name, family_name, email };
  });
};
