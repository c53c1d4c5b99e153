import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Site } from '../cloud.ts';
import { requireRegistration } from '../entra/client-authentication.ts';
import { readScopes } from '../entra/scopes.ts';
import { answerWithTokens } from '../entra/token-answer.ts';
import type { Person } from '../people.ts';

export const tokenRequest = z.strictObject({
  person: z.string(),
  scope: z.string(),
  clientId: z.string().optional(),
  nonce: z.string().optional(),
  contexts: z.array(z.string()).default([]),
  capabilities: z.array(z.string()).default(['cp1']),
});

/** What the token endpoint would answer had this person just signed in: a short cut for tests that are about something else. */
export function issueTokens(site: Site, person: Person, wanted: z.infer<typeof tokenRequest>) {
  const { cloud } = site;
  const declared = { access_token: { xms_cc: { values: wanted.capabilities } } };
  const registration = requireRegistration(cloud, wanted.clientId ?? cloud.registrations()[0]!.clientId);
  const grant = {
    personId: person.id,
    clientId: registration.clientId,
    sessionId: randomUUID(),
    grantedAt: Date.now(),
    scope: wanted.scope,
    methods: ['pwd'],
    contexts: wanted.contexts,
    confidential: registration.secrets.length > 0,
  };
  return answerWithTokens({
    site,
    call: cloud.log.begin('token', 'POST', '/_control/tokens'),
    registration,
    grantType: 'control',
    grant,
    scopes: readScopes(cloud, registration, wanted.scope),
    nonce: wanted.nonce,
    parameters: { client_info: '1', claims: JSON.stringify(declared) },
  });
}
