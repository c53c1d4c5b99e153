import { readFileSync } from 'node:fs';

type Source = Readonly<Record<string, string | undefined>>;

/**
 * What was written for a variable, in the environment or in a file: `DATABASE_URL_FILE=/run/secrets/database_url` stands
 * for `DATABASE_URL`. The environment of a process can be read from outside it (`docker inspect`, crash dumps); a mounted
 * secret cannot. Empty counts as not set.
 */
export function writtenValue(
  variable: string,
  source: Source,
): { value: string | undefined } | { problem: string } {
  const value = source[variable]?.trim() || undefined;
  const path = source[`${variable}_FILE`]?.trim();
  if (!path) return { value };
  if (value) return { problem: `is set twice: unset it, or ${variable}_FILE` };
  try {
    return { value: readFileSync(path, 'utf8').trim() || undefined };
  } catch {
    return { problem: `its file cannot be read: check the path in ${variable}_FILE and who may read it` };
  }
}
