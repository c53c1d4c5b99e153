/**
 * Signing in once more as the same person: because an act needs a recent sign-in (step-up), or because Azure asks for it
 * (claims challenge). The page is left for Microsoft; what this tab remembers meanwhile is where it was, and since when the
 * person had been signed in.
 */
import { z } from 'zod';
import { type SessionAnswer, timeSchema } from '#contracts';
import { confirmPath, currentPath, toReturnPath } from './return-path.ts';
import { keep, readKept } from './tab-storage.ts';

export type ConfirmationReason = 'step-up' | 'azure';

const key = 'confirmation';
const keptSchema = z.object({ why: z.enum(['step-up', 'azure']), returnTo: z.string(), before: timeSchema });

export function leaveToConfirm(
  why: ConfirmationReason,
  { method, authenticatedAt }: SessionAnswer['session'],
) {
  const returnTo = currentPath();
  keep(key, { why, returnTo, before: authenticatedAt });
  window.location.assign(confirmPath(why, returnTo, method));
}

/** Where the person was when they left, for who comes back with nothing confirmed: their session still lasts. */
export function placeBeforeConfirmation(): string | null {
  const kept = keptSchema.safeParse(readKept(key));
  return kept.success ? toReturnPath(kept.data.returnTo) : null;
}

/** Once: what was confirmed since the page was left, if anything was. */
export function takeConfirmation({ authenticatedAt }: SessionAnswer['session']): ConfirmationReason | null {
  const kept = keptSchema.safeParse(readKept(key));
  keep(key, null);
  if (!kept.success || Date.parse(authenticatedAt) <= Date.parse(kept.data.before)) return null;
  return kept.data.why;
}
