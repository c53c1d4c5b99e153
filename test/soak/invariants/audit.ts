import type { Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';

/** The chain is what it was when it was sealed, with every head that the log of the processes has kept. */
export const chainValid = (_: Journal, { verification }: Stored): string[] =>
  verification.valid ? [] : [`the audit chain is broken at ${verification.firstBrokenSequence}`];

/** An entry for each acknowledged act. */
export function actsRecorded(
  { signIns, endings, disabled, roleChanges }: Journal,
  { audit }: Stored,
): string[] {
  const counts = new Map<string, number>();
  for (const { action, outcome, resourceId } of audit) {
    if (outcome !== 'success') continue;
    const key = `${action} ${resourceId}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const has = (action: string, id: string | null) => counts.has(`${action} ${id}`);
  const missing: string[] = [];
  for (const { ackAt, sessionId, person } of signIns)
    if (ackAt !== null && sessionId && !has('sign_in.succeeded', sessionId))
      missing.push(`the sign-in of ${person} to session ${sessionId}`);
  for (const { ackAt, sessionIds } of endings)
    for (const id of ackAt === null ? [] : sessionIds)
      if (!has('session.ended', id) && !has('signed_out', id)) missing.push(`the end of session ${id}`);
  const changes = [
    ...disabled.map(({ ackAt, userId }) => ({ ackAt, userId, action: 'user.disabled' })),
    ...roleChanges.map(({ ackAt, userId, isAdmin }) => ({
      ackAt,
      userId,
      action: isAdmin ? 'user.role_granted' : 'user.role_withdrawn',
    })),
  ];
  const wanted = new Map<string, number>();
  for (const { ackAt, userId, action } of changes)
    if (ackAt !== null) wanted.set(`${action} ${userId}`, (wanted.get(`${action} ${userId}`) ?? 0) + 1);
  for (const [key, count] of wanted)
    if ((counts.get(key) ?? 0) < count) missing.push(`${key}: ${counts.get(key) ?? 0} of ${count}`);
  return missing.map((act) => `the audit log lacks ${act}`);
}
