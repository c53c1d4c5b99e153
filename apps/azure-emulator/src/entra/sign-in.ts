import type { FastifyReply } from 'fastify';
import type { Cloud } from '../cloud.ts';
import { SECOND_STEP_NUMBER, type Person } from '../people.ts';
import type { Page } from '../pages/layout.ts';
import { refusalPage } from '../pages/message.ts';
import { secondStepPage } from '../pages/second-step.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { beginSession, type LiveSession } from './browser-session.ts';
import { refuse } from './errors.ts';

export interface Attempt {
  person: Person;
  /** The session that this browser has, if it may count. */
  session: LiveSession | null;
  /** The app asked for more than it takes otherwise. */
  demandsSecondStep: boolean;
  number: string | undefined;
  /** Where the next page's form goes, and what it carries. */
  action: string;
  fields: Record<string, string | undefined>;
}

/** Somebody was picked: they are signed in now, or there is another page to show. */
export async function signIn(
  cloud: Cloud,
  reply: FastifyReply,
  { person, session, demandsSecondStep, number, action, fields }: Attempt,
): Promise<{ session: LiveSession } | { page: Page; status: number }> {
  if (!person.enabled) return { page: refusalPage(refuse('accountDisabled').message), status: 403 };
  const needsStep = needsSecondStep(person, demandsSecondStep, session);
  if (needsStep && number !== SECOND_STEP_NUMBER) {
    return { page: secondStepPage({ action, fields, person, isWrong: number !== undefined }), status: 200 };
  }
  const known = session?.personId === person.id ? session.methods : ['pwd'];
  const methods = needsStep ? ['pwd', 'mfa'] : known;
  return { session: await beginSession(cloud, reply, person, methods, session) };
}

export function needsSecondStep(person: Person, isDemanded: boolean, session: LiveSession | null): boolean {
  const isDone = session?.personId === person.id && session.methods.includes('mfa');
  return isDemanded || (person.secondStep && !isDone);
}

/** Single sign-on without a page: Entra does it whenever it can, the emulator where a client names the person. */
export function maySignInSilently(asked: AuthorizeRequest, session: LiveSession, always: boolean): boolean {
  const { person } = session;
  const isNamed = [person.userPrincipalName, person.mail].includes(asked.loginHint ?? '');
  return (
    asked.prompt === undefined &&
    (always || isNamed) &&
    person.enabled &&
    !needsSecondStep(person, asked.claims.needsSecondStep, session)
  );
}
