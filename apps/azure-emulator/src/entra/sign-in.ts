import type { BrowserSession, LiveSession } from './browser-session.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import type { Person } from '../people.ts';

/** What a person whose sign-in needs another step has to enter. Always the same, so that a test knows it. */
export const SECOND_STEP_NUMBER = '42';

export const PASSWORD = ['pwd'];
export const PASSWORD_AND_SECOND_STEP = ['pwd', 'mfa'];

export function needsSecondStep(
  person: Person,
  request: Pick<AuthorizeRequest, 'claims'> | null,
  session: BrowserSession | null,
): boolean {
  if (request?.claims.needsSecondStep) return true;
  const done = session?.personId === person.id && session.methods.includes('mfa');
  return person.secondStep && !done;
}

/** Single sign-on without a page: Entra does it whenever it can, the emulator where a client names the person. */
export function mayPassSilently(request: AuthorizeRequest, session: LiveSession, always: boolean): boolean {
  const isNamed = [session.person.userPrincipalName, session.person.mail].includes(request.loginHint ?? '');
  return (
    request.prompt === undefined &&
    (always || isNamed) &&
    session.person.enabled &&
    !needsSecondStep(session.person, request, session)
  );
}
