import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud } from '../cloud.ts';
import type { Person } from '../people.ts';

/** Entra's own memory, in the browser, of who has signed in: single sign-on. */
interface BrowserSession {
  sessionId: string;
  personId: string;
  methods: string[];
  signedInAt: number;
}

export type LiveSession = BrowserSession & { person: Person };

const COOKIE = 'azure-emulator-session';
const SECONDS = 86_400;

export async function readSession(cloud: Cloud, request: FastifyRequest): Promise<LiveSession | null> {
  const session = await cloud.seal.open<BrowserSession>('browser-session', request.cookies[COOKIE] ?? '');
  const person = cloud.directory.find(session?.personId);
  if (!session || !person || session.expired) return null;
  return cloud.directory.isRevoked(person, session.signedInAt) ? null : { ...session, person };
}

/** The same person goes on in the same session, so that its `sid` stays. */
export async function beginSession(
  cloud: Cloud,
  reply: FastifyReply,
  person: Person,
  methods: string[],
  present: LiveSession | null,
): Promise<LiveSession> {
  const sessionId = present?.personId === person.id ? present.sessionId : randomUUID();
  const session = { sessionId, personId: person.id, methods, signedInAt: Date.now() };
  const sealed = await cloud.seal.close('browser-session', session, SECONDS);
  reply.setCookie(COOKIE, sealed, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: SECONDS });
  return { ...session, person };
}

export function endSession(reply: FastifyReply): void {
  reply.clearCookie(COOKIE, { path: '/' });
}
