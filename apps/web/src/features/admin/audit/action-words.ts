/** What happened, in words: one sentence for each action of the log. `test/architecture` keeps it complete. */
import { errorTable, isErrorCode } from '#contracts';

export const wordsOfActions: Readonly<Record<string, string>> = {
  'sign_in.succeeded': 'Signed in',
  'sign_in.failed': 'Did not get in',
  signed_out: 'Signed out',
  'session.ended': 'A session was ended',
  'session.device_drifted': 'A session went on in an updated browser',
  'step_up.succeeded': 'Confirmed who they are',
  'step_up.failed': 'Did not confirm who they are',
  'access.denied': 'Was refused access',
  'user.created': 'Came for the first time',
  'user.viewed': 'Looked at a person',
  'user.updated': 'Changed a person’s details',
  'user.disabled': 'Disabled a person',
  'user.enabled': 'Enabled a person',
  'user.deleted': 'Deleted a person',
  'user.roles_changed': 'Roles changed in Entra',
  'user.role_granted': 'Granted a role',
  'user.role_withdrawn': 'Withdrew a role',
  'user.last_admin_kept': 'The last administrator was kept',
  'azure_token.refreshed': 'Azure access was renewed',
  'azure_token.refresh_failed': 'Azure access was not renewed',
  'azure_token.wiped': 'Azure access was removed',
  'encryption_keys.rotated': 'Stored tokens were sealed anew',
  'database.restored': 'Database restored, everybody signed out',
  'audit.exported': 'Exported the audit log',
  'audit.verified': 'Verified the audit log',
  'audit.entries_dropped': 'Old entries were dropped',
  'configuration.loaded': 'The server started with its configuration',
};

/** A newer server may know actions that this page does not: their name is better than nothing. */
export const actionWords = (action: string): string =>
  Object.hasOwn(wordsOfActions, action) ? (wordsOfActions[action] ?? action) : action;

const reasons: Readonly<Record<string, string>> = {
  sign_in_again: 'the sign-in is too old',
  interaction: 'Microsoft wants to ask the person',
  blocked: 'Microsoft refuses the person',
};

/** Why something failed: an error code, or a class of failures at Entra. */
export function reasonWords(code: string): string {
  if (isErrorCode(code)) return errorTable[code].title;
  return Object.hasOwn(reasons, code) ? (reasons[code] ?? code) : code;
}
