import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud, Routes } from './cloud.ts';
import { DIRECTORY_ROLES, TENANT, type Person } from './people.ts';
import { requireGraphCaller } from './graph/caller.ts';
import { sendGraphError } from './graph/errors.ts';
import { groupObject, organization, roleObject, selectFrom, userObject } from './graph/objects.ts';
import { readPage } from './graph/paging.ts';

type Query = Record<string, string | undefined>;

const READS_GROUPS = [
  'GroupMember.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.AccessAsUser.All',
];
const READS_ME = ['User.Read', 'User.Read.All', 'Directory.Read.All', 'Directory.AccessAsUser.All'];

export const graph: Routes = (app, { cloud, addresses }) => {
  const context = (of: string) => `${addresses.graph}/v1.0/$metadata#${of}`;

  app.get(
    '/v1.0/me',
    withCaller(READS_ME, ({ person }, request, reply) => {
      const selected = selectFrom(userObject(person), (request.query as Query).$select);
      if ('unknown' in selected) {
        const message = `Could not find a property named '${selected.unknown}' on type 'microsoft.graph.user'.`;
        return sendGraphError(reply, 400, 'Request_BadRequest', message);
      }
      return { '@odata.context': context('users/$entity'), ...selected.object };
    }),
  );

  for (const relation of ['memberOf', 'transitiveMemberOf'] as const) {
    for (const cast of ['', '/microsoft.graph.group']) {
      app.get(
        `/v1.0/me/${relation}${cast}`,
        withCaller(READS_ME, ({ person, scopes }, request, reply) => {
          const mayReadNames = scopes.some((scope) => READS_GROUPS.includes(scope));
          const objects = membershipsOf(cloud, person, relation, cast !== '').map((object) =>
            nameless(object, mayReadNames),
          );
          const page = readPage(objects, request.query as Query);
          if (!page)
            return sendGraphError(
              reply,
              400,
              'Request_BadRequest',
              'Invalid page size or skip token specified.',
            );
          const next = page.next && `${addresses.graph}/v1.0/me/${relation}${cast}?${page.next}`;
          return {
            '@odata.context': context('directoryObjects'),
            ...(next && { '@odata.nextLink': next }),
            value: page.items,
          };
        }),
      );
    }
  }

  app.post(
    '/v1.0/me/getMemberGroups',
    withCaller(READS_ME, ({ person }, request, reply) => {
      const { securityEnabledOnly } = (request.body ?? {}) as { securityEnabledOnly?: unknown };
      if (typeof securityEnabledOnly !== 'boolean') {
        return sendGraphError(
          reply,
          400,
          'Request_BadRequest',
          "The parameter 'securityEnabledOnly' is required.",
        );
      }
      const value = cloud.directory.allGroups(person).map((group) => group.id);
      return { '@odata.context': context('Collection(Edm.String)'), value };
    }),
  );

  app.get(
    '/v1.0/organization',
    withCaller(READS_ME, () => ({
      '@odata.context': context('organization'),
      value: [organization(TENANT)],
    })),
  );

  function withCaller(
    permissions: string[],
    handle: (
      caller: { person: Person; scopes: string[] },
      request: FastifyRequest,
      reply: FastifyReply,
    ) => unknown,
  ) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const caller = await requireGraphCaller(cloud, request, reply, permissions);
      return caller ? handle(caller, request, reply) : reply;
    };
  }
};

function membershipsOf(
  cloud: Cloud,
  person: Person,
  relation: 'memberOf' | 'transitiveMemberOf',
  onlyGroups: boolean,
) {
  const { directory } = cloud;
  const groups = relation === 'memberOf' ? directory.directGroups(person) : directory.allGroups(person);
  const roles = DIRECTORY_ROLES.filter((role) => !onlyGroups && person.directoryRoles.includes(role.id));
  return [...roles.map(roleObject), ...groups.map(groupObject)];
}

/** With User.Read alone Graph tells which groups there are, and nothing about them. */
function nameless(object: Record<string, unknown>, mayReadNames: boolean): Record<string, unknown> {
  if (mayReadNames) return object;
  const hidden = Object.entries(object).map(([name, value]) => [name, keepsValue(name) ? value : null]);
  return Object.fromEntries(hidden) as Record<string, unknown>;
}

function keepsValue(name: string): boolean {
  return name === 'id' || name === '@odata.type';
}
