import type { AzureToken, Role, SignInMethod } from '#contracts';

export const roleNames: Readonly<Record<Role, { name: string; means: string }>> = {
  admin: { name: 'Administrator', means: 'may do everything' },
  auditor: { name: 'Auditor', means: 'may read people, conversations of their own and the audit log' },
  user: { name: 'User', means: 'may chat' },
  viewer: { name: 'Viewer', means: 'may read their own conversations' },
};

export const methodNames: Readonly<Record<SignInMethod, string>> = {
  authorization_code: 'Microsoft sign-in page',
  device_code: 'Device code',
  azure_cli: 'Azure CLI',
};

type Tone = 'good' | 'soon' | 'bad';
export const tokenStates: Readonly<
  Record<AzureToken['status'], { name: string; means: string; tone: Tone }>
> = {
  fresh: { name: 'Connected', means: 'Azure accepts your requests.', tone: 'good' },
  expiring: { name: 'Renewing', means: 'Your access is being renewed in the background.', tone: 'soon' },
  expired: {
    name: 'Expired',
    means: 'Your access has run out. It is renewed with your next message.',
    tone: 'soon',
  },
  needs_interaction: { name: 'Sign-in needed', means: 'Microsoft wants you to sign in again.', tone: 'bad' },
  none: { name: 'Not connected', means: 'There is no access to Azure for you yet.', tone: 'bad' },
};

/** One or two letters for a person without a picture. */
export function initialsOf(displayName: string): string {
  const words = displayName.split(/[\s,._-]+/).filter((word) => /\p{L}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('') || '?';
}
