import {
  type AzureToken,
  type HeldRole,
  type Permission,
  type Role,
  type SignInMethod,
  roles,
} from '#contracts';

export const roleNames: Readonly<Record<Role, { name: string; means: string }>> = {
  admin: { name: 'Administrator', means: 'may do everything' },
  auditor: { name: 'Auditor', means: 'may read people, conversations of their own and the audit log' },
  user: { name: 'User', means: 'may chat' },
  viewer: { name: 'Viewer', means: 'may read their own conversations' },
};

export const permissionNames: Readonly<Record<Permission, string>> = {
  'chat.read': 'read your own conversations',
  'chat.use': 'chat: send, write anew, rename and delete',
  'users.read': 'see people, their roles and their usage',
  'users.manage': 'change, deactivate and delete people, and make them administrators',
  'sessions.manage': 'see and end everybody’s sessions',
  'audit.read': 'read and verify the audit log',
  'audit.export': 'export the audit log',
};

const sourceNames: Readonly<Record<HeldRole['source'], string>> = {
  entra: 'from your groups or app roles in Microsoft Entra',
  granted: 'granted here by an administrator',
  default: 'given here to everybody whose groups give no role',
};

/** Each role once, with all the reasons for it, in the order of the roles. */
export function reasonsForRoles(held: readonly HeldRole[]): { role: Role; because: string[] }[] {
  return roles
    .map((role) => ({
      role,
      because: held.filter((one) => one.role === role).map(({ source }) => sourceNames[source]),
    }))
    .filter(({ because }) => because.length > 0);
}

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
  needs_interaction: {
    name: 'Sign-in needed',
    means: 'Azure refuses your requests until you confirm at Microsoft that it is you.',
    tone: 'bad',
  },
  none: { name: 'Not connected', means: 'There is no access to Azure for you yet.', tone: 'bad' },
};

/** The state as it is now: the server told it some time ago, and a token expires by itself. */
export function tokenStateNow({ status, expiresAt }: AzureToken, now: number): AzureToken['status'] {
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= now;
  return isOver && (status === 'fresh' || status === 'expiring') ? 'expired' : status;
}

/** One or two letters for a person without a picture. */
export function initialsOf(displayName: string): string {
  const words = displayName.split(/[\s,._-]+/).filter((word) => /\p{L}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('') || '?';
}
