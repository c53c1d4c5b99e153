/** The words of a person's page, and which fields an edit changes: pure. */
import {
  type AzureToken,
  type EditableField,
  editableFields,
  type HeldRole,
  type PersonDetail,
  type Permission,
  type UpdatePerson,
} from '#contracts';

export const fieldNames: Readonly<Record<EditableField, string>> = {
  displayName: 'Name',
  department: 'Department',
  jobTitle: 'Job title',
};

export const sourceNames: Readonly<Record<HeldRole['source'], string>> = {
  entra: 'from Entra: a group or an app role',
  granted: 'granted here by an administrator',
  default: 'the default role: Entra names none for them',
};

export const permissionNames: Readonly<Record<Permission, string>> = {
  'chat.read': 'read their own conversations',
  'chat.use': 'chat',
  'users.read': 'see people',
  'users.manage': 'change people',
  'sessions.manage': 'see and end sessions',
  'audit.read': 'read the audit log',
  'audit.export': 'export the audit log',
};

export const tokenMeanings: Readonly<Record<AzureToken['status'], string>> = {
  fresh: 'Azure accepts their requests.',
  expiring: 'It is being renewed in the background.',
  expired: 'It is renewed with their next message.',
  needs_interaction: 'Microsoft wants them to sign in again before it is renewed.',
  none: 'Nothing is stored. They get one with their next sign-in.',
};

export type ProfileForm = Record<EditableField, string>;

export const formOf = (person: Pick<PersonDetail, EditableField>): ProfileForm => ({
  displayName: person.displayName,
  department: person.department ?? '',
  jobTitle: person.jobTitle ?? '',
});

/** Only what was changed: what is sent counts as edited here from then on. */
export function profileChanges(person: Pick<PersonDetail, EditableField>, form: ProfileForm): UpdatePerson {
  const before = formOf(person);
  return Object.fromEntries(
    editableFields
      .map((field) => [field, form[field].trim()] as const)
      .filter(([field, value]) => value !== before[field]),
  );
}

/** What one has to type to delete somebody: the address, which is harder to type by accident than a name. */
export const typedConfirmation = ({
  email,
  displayName,
}: Pick<PersonDetail, 'email' | 'displayName'>): string =>
  (email ?? displayName).trim().replaceAll(/\s+/g, ' ');
