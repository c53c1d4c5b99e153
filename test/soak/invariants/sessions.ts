import type { DoneFault, Journal } from '../journal.ts';
import type { FaultKind } from '../plan.ts';
import type { Stored } from '../stored.ts';
import { grouped } from './grouped.ts';

const usualMs = 1_000;
/** By way of Postgres, where Redis or the process that would have told the others is gone. */
const throughDatabaseMs = 3_000;
const nearMs = 2_000;

const silencing = new Set<FaultKind>(['redis stopped', 'redis silent', 'api killed', 'api drained']);
const ofDatabase = new Set<FaultKind>(['postgres restarted', 'postgres connections ended']);

/** Until when something that was withdrawn at this moment may still be accepted somewhere. */
export function acceptedUntil(withdrawnAt: number, faults: readonly DoneFault[]): number {
  const near = faults.filter(
    ({ begunAt, endedAt }) => begunAt < withdrawnAt + nearMs && endedAt > withdrawnAt - nearMs,
  );
  if (!near.some(({ kind }) => silencing.has(kind))) return withdrawnAt + usualMs;
  const database = near.filter(({ kind }) => ofDatabase.has(kind)).map(({ endedAt }) => endedAt);
  return Math.max(withdrawnAt, ...database) + throughDatabaseMs;
}

/** A session that was ended is accepted nowhere, and hears nothing, once its bound has passed. */
export function endedSessionsRefused({ endings, answers, heard, faults }: Journal): string[] {
  const until = new Map<string, number>();
  for (const { ackAt, sessionIds } of endings) {
    if (ackAt === null) continue;
    for (const id of sessionIds)
      until.set(id, Math.min(acceptedUntil(ackAt, faults), until.get(id) ?? Infinity));
  }
  const late = (sessionId: string | null, at: number) => at - (until.get(sessionId ?? '') ?? Infinity);
  return [
    ...answers
      .filter(({ status, sessionId, begunAt }) => isAccepted(status) && late(sessionId, begunAt) > 0)
      .map((answer) => {
        const { person, route, sessionId, begunAt } = answer;
        return `session ${sessionId} of ${person} was accepted at ${route}, ${late(sessionId, begunAt)} ms too late`;
      }),
    ...heard
      .filter(({ sessionId, at }) => late(sessionId, at) > 0)
      .map(
        ({ person, sessionId, at }) =>
          `session ${sessionId} of ${person} heard news ${late(sessionId, at)} ms too late`,
      ),
  ];
}

const isAccepted = (status: number) => status >= 200 && status < 300;

/** While they are disabled nobody gets in. */
export function disabledPeopleRefused({ disabled, signIns, faults }: Journal): string[] {
  return disabled.flatMap(({ person, ackAt, enabling }) => {
    if (ackAt === null) return [];
    const [from, to] = [acceptedUntil(ackAt, faults), enabling?.begunAt ?? Infinity];
    return signIns
      .filter((entry) => entry.person === person && entry.ackAt !== null)
      .filter((entry) => entry.begunAt > from && entry.ackAt! < to)
      .map(({ sessionId }) => `${person} is disabled and was given session ${sessionId}`);
  });
}

/** Nobody administers later than the bound after the role was withdrawn. */
export function withdrawnRolesRefused({ roleChanges, answers, faults }: Journal): string[] {
  return roleChanges
    .filter(({ isAdmin, ackAt }) => !isAdmin && ackAt !== null)
    .flatMap(({ person, begunAt, ackAt }) => {
      const from = acceptedUntil(ackAt!, faults);
      const again = roleChanges.find(
        (other) => other.person === person && other.isAdmin && other.begunAt > begunAt,
      );
      return answers
        .filter((answer) => answer.person === person && isAccepted(answer.status))
        .filter(({ route }) => / \/api\/admin\//.test(route))
        .filter((answer) => answer.begunAt > from && answer.at < (again?.begunAt ?? Infinity))
        .map(({ route, begunAt: at }) => `${person} administers (${route}) ${at - from} ms too late`);
    });
}

const asking = new Set([
  'not_authenticated',
  'session_expired',
  'session_revoked',
  'session_ended_by_administrator',
  'account_disabled',
  'device_changed',
  'identity_mismatch',
]);

/** Nobody is signed out unless somebody ended their session. */
export function nobodySignedOut({ answers }: Journal, { sessions }: Stored): string[] {
  const rows = new Map(sessions.map((row) => [row.id, row]));
  return answers
    .filter(({ status, code, sessionId }) => status === 401 && sessionId !== null && asking.has(code ?? ''))
    .filter(({ sessionId, at }) => {
      const row = rows.get(sessionId!);
      return !row || row.revokedAt === null || row.revokedAt > at;
    })
    .map(
      ({ person, sessionId, route, code }) =>
        `session ${sessionId} of ${person} was refused at ${route} (${code}) while it lived`,
    );
}

/** Only for the reasons that there were. */
export function endingsExplained({ endings }: Journal, { sessions }: Stored): string[] {
  const expected = new Set(['too_many', 'replaced', ...endings.map(({ why }) => reasonOf[why])]);
  return sessions
    .filter(({ revokedWhy }) => revokedWhy !== null && !expected.has(revokedWhy))
    .map(({ id, revokedWhy }) => `session ${id} was ended because of ${revokedWhy}`);
}

const reasonOf = {
  signed_out: 'signed_out',
  own: 'ended_elsewhere',
  administrator: 'ended_by_administrator',
  disabled: 'account_disabled',
};

/** No more than `most` live sessions of one person. */
export function fewSessions({ sessions }: Stored, most: number): string[] {
  const live = grouped(
    sessions.filter(({ isLive }) => isLive),
    ({ userId }) => userId,
  );
  return [...live]
    .filter(([, rows]) => rows.length > most)
    .map(([userId, rows]) => `person ${userId} has ${rows.length} live sessions`);
}
