import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * `az` has no way to ask for a new token while it holds one that lasts another five minutes. So where Azure has refused the
 * one it holds, the access tokens are taken out of its cache, and only they: the file keeps MSAL's documented layout. A
 * file that cannot be read that way is left alone, and the Azure CLI decides.
 */
export async function forgetAccessTokens(folder: string): Promise<void> {
  const file = join(folder, 'msal_token_cache.json');
  const cache = parse(await readFile(file, 'utf8').catch(() => ''));
  if (!cache) return;
  const draft = `${file}.new`;
  await writeFile(draft, JSON.stringify({ ...cache, AccessToken: {} }), { mode: 0o600 });
  await rename(draft, file);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'AccessToken' in value ? { ...value } : null;
  } catch {
    return null;
  }
}
