import type { Role } from '#contracts';

/** Tokens per day; null is unlimited. Several roles: the largest counts, and a role without a quota has none. */
export function dailyQuota(
  roles: readonly Role[],
  quotas: Readonly<Partial<Record<Role, number>>>,
): number | null {
  const limits = roles.map((role) => quotas[role] ?? Infinity);
  const largest = limits.length > 0 ? Math.max(...limits) : Infinity;
  return largest === Infinity ? null : largest;
}

/** The day on which tokens are counted, in UTC. */
export const usageDay = (now: Date): string => now.toISOString().slice(0, 10);

export function secondsUntilNextDay(now: Date): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.ceil((midnight - now.getTime()) / 1000);
}

/** A rough count for answers that Azure sent no figures for, because they were stopped or cut off. */
export const estimatedTokens = (characters: number): number => Math.ceil(characters / 4);
