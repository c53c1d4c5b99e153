import type { FastifyError } from 'fastify';
import { z } from 'zod';
import type { Cloud, Routes } from './cloud.ts';
import { issueTokens, tokenRequest } from './control/issue-tokens.ts';
import { crowd, crowdRequest } from './control/crowd.ts';
import { changePerson, personChange } from './control/person-change.ts';
import { AREAS } from './levers.ts';
import type { Person } from './people.ts';

type OnePerson = { Params: { person: string } };

const logFilter = z.strictObject({
  area: z.enum(AREAS).optional(),
  person: z.string().optional(),
  grant: z.string().optional(),
  after: z.coerce.number().optional(),
});
const rotation = z.strictObject({ keepOld: z.boolean().default(true) });

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** The levers for tests, as README.md lists them. Only this machine may pull them. */
export const control: Routes = (app, site) => {
  const { cloud } = site;
  app.addHook('onRequest', async (request) => {
    if (!LOOPBACK.test(request.ip)) throw refusal(403, 'Only from this machine.');
  });
  app.setErrorHandler((error: FastifyError | z.ZodError, _request, reply) => {
    const isInvalid = error instanceof z.ZodError;
    const status = isInvalid ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send({ error: isInvalid ? z.prettifyError(error) : error.message });
  });

  app.get('/_control', () => cloud.levers);
  app.patch('/_control', ({ body }) => {
    cloud.change(z.record(z.string(), z.unknown()).parse(body));
    return cloud.levers;
  });
  app.delete('/_control', (_request, reply) => {
    cloud.reset();
    return reply.code(204).send();
  });

  app.get('/_control/log', ({ query }) => cloud.log.list(logFilter.parse(query)));
  app.delete('/_control/log', (_request, reply) => {
    cloud.log.clear();
    return reply.code(204).send();
  });

  app.get('/_control/people', () => cloud.directory.people);
  app.post('/_control/people', ({ body }, reply) => {
    const { like, count } = crowdRequest.parse(body);
    const people = crowd(requirePerson(cloud, like), count);
    cloud.directory.people.push(...people);
    return reply.code(201).send(people.map(({ id, alias }) => ({ id, alias })));
  });
  app.patch<OnePerson>('/_control/people/:person', ({ params, body }) => {
    const person = requirePerson(cloud, params.person);
    changePerson(cloud.directory, person, personChange.parse(body));
    return person;
  });
  app.post<OnePerson>('/_control/people/:person/revoke', ({ params }, reply) => {
    cloud.directory.revokeGrants(requirePerson(cloud, params.person));
    return reply.code(204).send();
  });

  app.post('/_control/tokens', async ({ body }) => {
    const wanted = tokenRequest.parse(body);
    return issueTokens(site, requirePerson(cloud, wanted.person), wanted);
  });
  app.post('/_control/rotate-signing-key', async ({ body }) => {
    await cloud.signingKeys.rotate(rotation.parse(body ?? {}));
    return { kid: cloud.signingKeys.current.kid };
  });
};

function requirePerson(cloud: Cloud, reference: string): Person {
  const person = cloud.directory.find(reference);
  if (!person) throw refusal(404, `There is no person "${reference}".`);
  return person;
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
