/** From what was counted to what a chart draws: every day once, oldest first, none left out. */
import type { Overview } from '#contracts';
import type { FailureCount, SignInCount } from '#audit';
import type { UsageOfDay } from '#chat';

const dayInMs = 86_400_000;

/** The last `count` days in UTC, that of `now` included: `2026-03-01`. */
export const daysUntil = (now: Date, count: number): string[] =>
  Array.from({ length: count }, (_, place) =>
    new Date(now.getTime() - (count - 1 - place) * dayInMs).toISOString().slice(0, 10),
  );

type SignInsOfDay = Overview['signIns'][number];
type Method = keyof SignInsOfDay['succeeded'];

export function signInsByDay(
  days: readonly string[],
  succeeded: readonly SignInCount[],
  failures: readonly FailureCount[],
): SignInsOfDay[] {
  const rows = new Map(days.map((day) => [day, emptyDay(day)]));
  for (const { day, method, count } of succeeded) {
    const row = rows.get(day);
    if (row && isMethod(row, method)) row.succeeded[method] += count;
  }
  for (const { day, action, count } of failures) {
    const row = rows.get(day);
    if (row && action === 'sign_in.failed') row.failed += count;
  }
  return [...rows.values()];
}

const emptyDay = (day: string): SignInsOfDay => ({
  day,
  succeeded: { authorization_code: 0, device_code: 0, azure_cli: 0, api_bearer: 0 },
  failed: 0,
});

const isMethod = ({ succeeded }: SignInsOfDay, method: string | null): method is Method =>
  method !== null && Object.hasOwn(succeeded, method);

export function usageByDay(days: readonly string[], used: readonly UsageOfDay[]): UsageOfDay[] {
  const known = new Map(used.map((row) => [row.day, row]));
  return days.map((day) => known.get(day) ?? { day, inputTokens: 0, outputTokens: 0, requests: 0 });
}

/** The most frequent first; of the rest, what is rare is not drawn. */
export function failuresByKind(failures: readonly FailureCount[], limit: number): Overview['failures'] {
  const kinds = new Map<string, Overview['failures'][number]>();
  for (const { action, code, count } of failures) {
    const key = JSON.stringify([action, code]);
    kinds.set(key, { action, code, count: count + (kinds.get(key)?.count ?? 0) });
  }
  return [...kinds.values()].toSorted((one, other) => other.count - one.count).slice(0, limit);
}
