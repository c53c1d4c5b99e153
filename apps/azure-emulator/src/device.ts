import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Routes } from './cloud.ts';
import { beginSession, readSession } from './entra/browser-session.ts';
import { requireRegistration, type Parameters } from './entra/client-authentication.ts';
import type { DeviceRequest } from './entra/device-requests.ts';
import { refuse } from './entra/errors.ts';
import { readScopes } from './entra/scopes.ts';
import * as signIn from './entra/sign-in.ts';
import { ownTenant } from './entra/tenant.ts';
import type { Person } from './people.ts';
import { confirmPage, deviceCodePage, pickForDevicePage } from './pages/device.ts';
import { sendPage } from './pages/layout.ts';
import { messagePage, refusalPage } from './pages/message.ts';
import { secondStepPage } from './pages/second-step.ts';

/**
 * RFC 8628. The pages ask step by step for a code, a person and a decision; one form with all three is as good, so a test
 * needs no browser.
 */
export const device: Routes = (app, site) => {
  const { cloud, addresses } = site;
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

  app.post('/devicelogin', async (request, reply) => {
    const fields = (request.body ?? {}) as Parameters;
    const open = cloud.devices.findOpen(fields.user_code);
    if (!open)
      return sendPage(reply, deviceCodePage('That code didn’t work. Check the code and try again.'), 400);
    request.call.clientId = open.clientId;
    if (fields.decision === 'decline') return decline(reply, open);
    const person = cloud.directory.find(fields.person);
    return person
      ? goOn(request, reply, open, person, fields)
      : sendPage(reply, pickForDevicePage(open.userCode, nameOf(open), cloud.directory.people));
  });

  async function goOn(
    request: FastifyRequest,
    reply: FastifyReply,
    open: DeviceRequest,
    person: Person,
    { decision, number }: Parameters,
  ) {
    Object.assign(request.call, { person: person.alias, personId: person.id });
    if (!person.enabled) return sendPage(reply, refusalPage(refuse('accountDisabled').message), 403);
    const fields = { user_code: open.userCode, person: person.alias };
    const session = await readSession(cloud, request);
    const needsStep = signIn.needsSecondStep(person, null, session);
    if (needsStep && number !== signIn.SECOND_STEP_NUMBER) {
      const isWrong = number !== undefined;
      return sendPage(
        reply,
        secondStepPage({ action: '/devicelogin', fields: { ...fields, decision }, person, isWrong }),
      );
    }
    const known = session?.personId === person.id && !needsStep ? session : null;
    const methods = needsStep ? signIn.PASSWORD_AND_SECOND_STEP : signIn.PASSWORD;
    const { sessionId, methods: proven } = known ?? (await beginSession(cloud, reply, person, methods));
    if (decision !== 'approve') return sendPage(reply, confirmPage(fields, nameOf(open), person));
    open.state = 'approved';
    open.grant = {
      personId: person.id,
      clientId: open.clientId,
      sessionId,
      grantedAt: Date.now(),
      scope: open.scope,
      methods: proven,
      contexts: [],
      confidential: false,
    };
    const text = `You have signed in to ${nameOf(open)} on your device. You may now close this window.`;
    return sendPage(reply, messagePage(nameOf(open), text));
  }

  function decline(reply: FastifyReply, open: DeviceRequest) {
    open.state = 'declined';
    return sendPage(
      reply,
      messagePage('Cancelled', `You did not sign in to ${nameOf(open)}. You may close this window.`),
    );
  }

  function nameOf(open: DeviceRequest): string {
    return requireRegistration(cloud, open.clientId).name;
  }
};
