/**
 * Signing in once more as the same person: because an act needs a recent sign-in (step-up), or because Azure asks for it
 * (claims challenge). The page is left for Microsoft; what this tab remembers meanwhile is where it was, and the times by
 * which it can tell on return whether anything was confirmed.
 */
import { z } from 'zod';
import { type SessionAnswer, timeSchema } from '#contracts';
import { confirmPath, currentPath, toReturnPath } from './return-path.ts';
import { keep, readKept } from './tab-storage.ts';

export type ConfirmationReason = 'step-up' | 'azure';
type Session = SessionAnswer['session'];

const key = (why: ConfirmationReason): string => `confirmation.${why}`;
const keptSchema = z.object({ returnTo: z.string(), before: timeSchema });

/** A step-up needs a new proof; Azure is content with a new session, which may rest on the proof from before. */
const mark = (why: ConfirmationReason, { authenticatedAt, createdAt }: Session): string =>
  why === 'step-up' ? authenticatedAt : createdAt;

export function leaveToConfirm(why: ConfirmationReason, session: Session): void {
  const returnTo = currentPath();
  keep(key(why), { returnTo, before: mark(why, session) });
  window.location.assign(confirmPath(why, returnTo, session.method));
}

/** Where the person was when they left, for who comes back with nothing confirmed: their session still lasts. */
export function placeBeforeConfirmation(): string | null {
  for (const why of ['step-up', 'azure'] as const) {
    const kept = keptSchema.safeParse(readKept(key(why)));
    if (kept.success) return toReturnPath(kept.data.returnTo);
  }
  return null;
}

/** Once after coming back: whether it was confirmed. */
export function takeConfirmation(why: ConfirmationReason, session: Session): boolean {
  const kept = keptSchema.safeParse(readKept(key(why)));
  keep(key(why), null);
  return kept.success && Date.parse(mark(why, session)) > Date.parse(kept.data.before);
}
