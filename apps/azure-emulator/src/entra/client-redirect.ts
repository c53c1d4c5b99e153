import type { FastifyReply } from 'fastify';
import { sendPage } from '../pages/layout.ts';
import { formPostPage } from '../pages/form-post.ts';
import type { Destination } from './authorize-request.ts';

/** Brings the browser back to the app, in the way that the app asked for. */
export function sendToClient(
  reply: FastifyReply,
  { redirectUri, responseMode, state }: Destination,
  answer: Record<string, string | undefined>,
): FastifyReply {
  const fields = Object.entries({ ...answer, state }).filter(
    (field): field is [string, string] => !!field[1],
  );
  if (responseMode === 'form_post') return sendPage(reply, formPostPage(redirectUri, fields));
  const encoded = new URLSearchParams(fields).toString();
  if (responseMode === 'fragment') return reply.redirect(`${redirectUri}#${encoded}`, 303);
  return reply.redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${encoded}`, 303);
}
