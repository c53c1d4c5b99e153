import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Site } from '../cloud.ts';
import { sendPage } from '../pages/layout.ts';
import { refusalPage } from '../pages/message.ts';
import { readAuthorizeRequest, requireDestination, type AuthorizeRequest } from './authorize-request.ts';
import { readSession, type LiveSession } from './browser-session.ts';
import type { Parameters } from './client-authentication.ts';
import { sendToClient } from './client-redirect.ts';
import { EntraError } from './errors.ts';
import { clientInfo } from './token-answer.ts';

export type AuthorizeStep = (
  asked: AuthorizeRequest,
  session: LiveSession | null,
) => Promise<FastifyReply> | FastifyReply;

/**
 * The order of the checks: nothing is sent to an address before it is known to be the app's. Until then a refusal is a
 * page, from then on it is a redirect.
 */
export async function answerAuthorize(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: Parameters,
  step: AuthorizeStep,
): Promise<FastifyReply> {
  try {
    const destination = requireDestination(site.cloud, parameters);
    request.call.clientId = destination.registration.clientId;
    try {
      const asked = readAuthorizeRequest(site.cloud, destination, parameters);
      return await step(asked, await readSession(site.cloud, request));
    } catch (error) {
      const { error: name, error_description } = requireRefusal(request, error).body(
        site.addresses.authority,
      );
      return sendToClient(reply, destination, { error: name, error_description });
    }
  } catch (error) {
    return sendPage(reply, refusalPage(requireRefusal(request, error).message), 400);
  }
}

export function sendCode(
  { cloud }: Site,
  reply: FastifyReply,
  asked: AuthorizeRequest,
  session: LiveSession,
): FastifyReply {
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

function requireRefusal(request: FastifyRequest, error: unknown): EntraError {
  if (!(error instanceof EntraError)) throw error;
  request.call.error = error.refusal.error;
  return error;
}
