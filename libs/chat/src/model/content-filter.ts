import { z } from 'zod';
import type { ProblemExtras } from '#contracts';

const verdictSchema = z.object({ filtered: z.literal(true), severity: z.string().max(40).nullish() });
const categoryName = /^[\w-]{1,60}$/;

/**
 * The category that made Azure's content filter fire, out of `content_filter_result(s)`: severities for the four
 * harms, only yes or no for jailbreak and protected material.
 */
export function firedFilter(results: unknown): ProblemExtras['filter'] | null {
  if (typeof results !== 'object' || results === null) return null;
  for (const [category, value] of Object.entries(results)) {
    const verdict = verdictSchema.safeParse(value);
    if (verdict.success && categoryName.test(category))
      return { category, severity: verdict.data.severity ?? null };
  }
  return null;
}
