import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  readAuthorizeRequest,
  requireDestination,
  type AuthorizeRequest,
} from './entra/authorize-request.ts';
import { beginSession, readSession, type LiveSession } from './entra/browser-session.ts';
import type { Parameters } from './entra/client-authentication.ts';
import { sendToClient } from './entra/client-redirect.ts';
import { EntraError, refuse } from './entra/errors.ts';
import * as signIn from './entra/sign-in.ts';
import { ownTenant } from './entra/tenant.ts';
import { clientInfo } from './entra/token-answer.ts';
import type { Routes, Site } from './cloud.ts';
import { sendPage } from './pages/layout.ts';
import { refusalPage } from './pages/message.ts';
import { secondStepPage } from './pages/second-step.ts';
import { signInPage } from './pages/sign-in.ts';

type Step = (request: AuthorizeRequest, session: LiveSession | null) => Promise<FastifyReply> | FastifyReply;

/**
 * The authorization endpoint. GET shows the sign-in page, whose form posts the same parameters and a `person` to
 * /:tenant/login; a test may post that form without ever asking for the page.
 */
export const authorize: Routes = (app, site) => {
  const { cloud } = site;

  app.get('/:tenant/oauth2/v2.0/authorize', { preHandler: ownTenant }, (request, reply) => {
    const parameters = request.query as Parameters;
    return answer(request, reply, parameters, (asked, session) => {
      if (asked.prompt === 'none') return passSilently(reply, asked, session);
      if (session && signIn.mayPassSilently(asked, session, cloud.levers.signIn.silent)) {
        return sendCode(site, reply, asked, session);
      }
      return showPeople(request, reply, parameters, asked, session);
    });
  });

  app.post('/:tenant/login', { preHandler: ownTenant }, (request, reply) => {
    const { person: alias, number, decision, ...parameters } = request.body as Parameters;
    return answer(request, reply, parameters, async (asked, session) => {
      if (decision === 'cancel') throw refuse('userDeclined');
      const person = cloud.directory.find(alias);
      if (!person)
        return showPeople(request, reply, parameters, asked, session, 'Pick one of the people below.');
      Object.assign(request.call, { person: person.alias, personId: person.id });
      if (!person.enabled) return sendPage(reply, refusalPage(refuse('accountDisabled').message), 403);
      const fresh = asked.prompt === 'login' ? null : session;
      const needsStep = signIn.needsSecondStep(person, asked, fresh);
      if (needsStep && number !== signIn.SECOND_STEP_NUMBER) {
        const fields = { ...parameters, person: person.alias };
        return sendPage(
          reply,
          secondStepPage({ action: request.url, fields, person, isWrong: number !== undefined }),
        );
      }
      const sameSession = fresh?.personId === person.id && !needsStep ? fresh : null;
      const methods = needsStep ? signIn.PASSWORD_AND_SECOND_STEP : signIn.PASSWORD;
      return sendCode(site, reply, asked, sameSession ?? (await beginSession(cloud, reply, person, methods)));
    });
  });

  /** The order of the checks: nothing is sent to an address before it is known to be the app's. */
  async function answer(request: FastifyRequest, reply: FastifyReply, parameters: Parameters, step: Step) {
    try {
      const destination = requireDestination(cloud, parameters);
      request.call.clientId = destination.registration.clientId;
      try {
        const asked = readAuthorizeRequest(cloud, destination, parameters);
        return await step(asked, await readSession(cloud, request));
      } catch (error) {
        if (!(error instanceof EntraError)) throw error;
        request.call.error = error.refusal.error;
        const { error: name, error_description } = error.body(site.addresses.authority);
        return sendToClient(reply, destination, { error: name, error_description });
      }
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      request.call.error = error.refusal.error;
      return sendPage(reply, refusalPage(error.message), 400);
    }
  }

  function passSilently(reply: FastifyReply, asked: AuthorizeRequest, session: LiveSession | null) {
    if (!session) throw refuse('noSession');
    if (!session.person.enabled) throw refuse('accountDisabled');
    if (signIn.needsSecondStep(session.person, asked, session)) {
      throw refuse('secondStepRequired', asked.registration.name);
    }
    return sendCode(site, reply, asked, session);
  }

  function showPeople(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: Parameters,
    asked: AuthorizeRequest,
    session: LiveSession | null,
    problem?: string,
  ) {
    const { tenant } = request.params as { tenant: string };
    return sendPage(
      reply,
      signInPage({
        action: `/${tenant}/login`,
        fields: parameters,
        appName: asked.registration.name,
        scopes: asked.scope.split(' ').filter(Boolean),
        people: cloud.directory.people,
        signedIn: asked.prompt === 'login' ? undefined : session?.person,
        hinted: cloud.directory.find(asked.loginHint),
        problem,
      }),
    );
  }
};

function sendCode({ cloud }: Site, reply: FastifyReply, asked: AuthorizeRequest, session: LiveSession) {
  const code = cloud.codes.issue({
    grant: {
      personId: session.person.id,
      clientId: asked.registration.clientId,
      sessionId: session.sessionId,
      grantedAt: Date.now(),
      scope: asked.scope,
      methods: session.methods,
      contexts: session.methods.includes('mfa') ? asked.claims.contexts : [],
      confidential: false,
    },
    redirectUri: asked.redirectUri,
    nonce: asked.nonce,
    challenge: asked.challenge,
    expiresAt: Date.now() + cloud.levers.tokens.codeSeconds * 1000,
  });
  const client_info = asked.wantsClientInfo ? clientInfo(session.person) : undefined;
  return sendToClient(reply, asked, { code, client_info, session_state: session.sessionId });
}
