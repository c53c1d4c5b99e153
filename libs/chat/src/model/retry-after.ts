/** The wait that Azure asks for, in milliseconds: `retry-after-ms`, else `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | null {
  const precise = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(precise) && precise >= 0) return precise;
  const written = headers?.get('retry-after');
  if (!written) return null;
  const seconds = Number(written);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : null;
  const date = Date.parse(written);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
