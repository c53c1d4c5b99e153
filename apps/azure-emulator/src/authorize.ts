import type { FastifyReply } from 'fastify';
import type { Routes } from './cloud.ts';
import { answerAuthorize, sendCode } from './entra/authorize-answer.ts';
import type { AuthorizeRequest } from './entra/authorize-request.ts';
import type { LiveSession } from './entra/browser-session.ts';
import type { Parameters } from './entra/client-authentication.ts';
import { refuse } from './entra/errors.ts';
import { maySignInSilently, needsSecondStep, signIn } from './entra/sign-in.ts';
import { ownTenant } from './entra/tenant.ts';
import { sendPage } from './pages/layout.ts';
import { signInPage } from './pages/sign-in.ts';

type Path = { Params: { tenant: string } };

/**
 * The authorization endpoint. GET shows the sign-in page, whose form posts the same parameters and a `person` to
 * /:tenant/login; a test may post that form without ever asking for the page.
 */
export const authorize: Routes = (app, site) => {
  const { cloud } = site;

  app.get<Path>('/:tenant/oauth2/v2.0/authorize', { preHandler: ownTenant }, (request, reply) => {
    const parameters = request.query as Parameters;
    return answerAuthorize(site, request, reply, parameters, (asked, session) => {
      if (asked.prompt === 'none') return sendCode(site, reply, asked, requireSession(asked, session));
      if (session && maySignInSilently(asked, session, cloud.levers.signIn.silent)) {
        return sendCode(site, reply, asked, session);
      }
      return showPeople(reply, request.params.tenant, parameters, asked, session);
    });
  });

  app.post<Path>('/:tenant/login', { preHandler: ownTenant }, (request, reply) => {
    const { person: alias, number, decision, ...parameters } = (request.body ?? {}) as Parameters;
    return answerAuthorize(site, request, reply, parameters, async (asked, session) => {
      if (decision === 'cancel') throw refuse('userDeclined');
      const person = cloud.directory.find(alias);
      if (!person)
        return showPeople(reply, request.params.tenant, parameters, asked, session, 'Pick somebody.');
      Object.assign(request.call, { person: person.alias, personId: person.id });
      const outcome = await signIn(cloud, reply, {
        person,
        session: asked.prompt === 'login' ? null : session,
        demandsSecondStep: asked.claims.needsSecondStep,
        number,
        action: request.url,
        fields: { ...parameters, person: person.alias },
      });
      if ('page' in outcome) return sendPage(reply, outcome.page, outcome.status);
      return sendCode(site, reply, asked, outcome.session);
    });
  });

  function showPeople(
    reply: FastifyReply,
    tenant: string,
    parameters: Parameters,
    asked: AuthorizeRequest,
    session: LiveSession | null,
    problem?: string,
  ) {
    const page = signInPage({
      action: `/${tenant}/login`,
      fields: parameters,
      appName: asked.registration.name,
      scopes: asked.scope.split(' ').filter(Boolean),
      people: cloud.directory.people,
      signedIn: asked.prompt === 'login' ? undefined : session?.person,
      hinted: cloud.directory.find(asked.loginHint),
      problem,
    });
    return sendPage(reply, page);
  }
};

/** For `prompt=none`: either there is nothing to ask the person, or the app hears what there would be. */
function requireSession(asked: AuthorizeRequest, session: LiveSession | null): LiveSession {
  if (!session) throw refuse('noSession');
  if (!session.person.enabled) throw refuse('accountDisabled');
  if (needsSecondStep(session.person, asked.claims.needsSecondStep, session)) {
    throw refuse('secondStepRequired', asked.registration.name);
  }
  return session;
}
