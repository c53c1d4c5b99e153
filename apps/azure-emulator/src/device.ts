import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Routes } from './cloud.ts';
import { readSession } from './entra/browser-session.ts';
import { requireRegistration, type Parameters } from './entra/client-authentication.ts';
import { approve, type DeviceRequest } from './entra/device-requests.ts';
import { refuse } from './entra/errors.ts';
import { readScopes } from './entra/scopes.ts';
import { signIn } from './entra/sign-in.ts';
import { ownTenant } from './entra/tenant.ts';
import { confirmPage, deviceCodePage, pickForDevicePage } from './pages/device.ts';
import { sendPage } from './pages/layout.ts';
import { messagePage } from './pages/message.ts';
import type { Person } from './people.ts';

const DECLINING = new Set(['decline', 'cancel']);

/**
 * RFC 8628. The pages ask step by step for a code, a person and a decision; one form with all three is as good, so a test
 * needs no browser.
 */
export const device: Routes = (app, { cloud, addresses }) => {
  const verificationUri = `${addresses.pages}/devicelogin`;

  app.post('/:tenant/oauth2/v2.0/devicecode', { preHandler: ownTenant }, (request, reply) => {
    const { client_id, scope } = (request.body ?? {}) as Parameters;
    if (!client_id) throw refuse('clientMissing', 'client_id');
    const registration = requireRegistration(cloud, client_id);
    request.call.clientId = client_id;
    if (!registration.allowsPublicFlows) throw refuse('publicFlowForbidden');
    readScopes(cloud, registration, scope);
    const { expiresIn, interval } = cloud.levers.device;
    const begun = cloud.devices.begin({
      clientId: client_id,
      scope: scope!,
      expiresAt: Date.now() + expiresIn * 1000,
      intervalSeconds: interval,
    });
    return reply.header('cache-control', 'no-store').send({
      user_code: begun.userCode,
      device_code: begun.deviceCode,
      verification_uri: verificationUri,
      expires_in: expiresIn,
      interval,
      message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${begun.userCode} to authenticate.`,
    });
  });

  app.get('/devicelogin', (_request, reply) => sendPage(reply, deviceCodePage()));

  app.post('/devicelogin', (request, reply) => {
    const fields = (request.body ?? {}) as Parameters;
    const open = cloud.devices.findOpen(fields.user_code);
    if (!open) return sendPage(reply, deviceCodePage('That code didn’t work. Check it and try again.'), 400);
    const appName = requireRegistration(cloud, open.clientId).name;
    request.call.clientId = open.clientId;
    if (DECLINING.has(fields.decision ?? '')) {
      open.state = 'declined';
      return sendPage(reply, messagePage('Cancelled', `You did not sign in to ${appName}.`));
    }
    const person = cloud.directory.find(fields.person);
    if (person) return decide(request, reply, { open, appName, person, fields });
    return sendPage(reply, pickForDevicePage(open.userCode, appName, cloud.directory.people));
  });

  async function decide(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: { open: DeviceRequest; appName: string; person: Person; fields: Parameters },
  ) {
    const { open, appName, person } = answer;
    const { decision, number } = answer.fields;
    Object.assign(request.call, { person: person.alias, personId: person.id });
    const fields = { user_code: open.userCode, person: person.alias };
    const outcome = await signIn(cloud, reply, {
      person,
      session: await readSession(cloud, request),
      demandsSecondStep: false,
      number,
      action: '/devicelogin',
      fields: { ...fields, decision },
    });
    if ('page' in outcome) return sendPage(reply, outcome.page, outcome.status);
    if (decision !== 'approve') return sendPage(reply, confirmPage(fields, appName, person));
    approve(open, outcome.session);
    const text = `You have signed in to ${appName} on your device. You may now close this window.`;
    return sendPage(reply, messagePage(appName, text));
  }
};
