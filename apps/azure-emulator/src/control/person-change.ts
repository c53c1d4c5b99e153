import { z } from 'zod';
import type { Directory } from '../directory.ts';
import type { Person } from '../people.ts';

/** What a test may change about a person until the reset. Groups are given by id or by display name. */
export const personChange = z.strictObject({
  enabled: z.boolean().optional(),
  secondStep: z.boolean().optional(),
  openAiRole: z.boolean().optional(),
  addGroups: z.array(z.string()).default([]),
  removeGroups: z.array(z.string()).default([]),
  appRoles: z.array(z.string()).optional(),
  displayName: z.string().optional(),
  givenName: z.string().optional(),
  surname: z.string().optional(),
  mail: z.string().optional(),
  userPrincipalName: z.string().optional(),
  department: z.string().optional(),
  jobTitle: z.string().optional(),
});

export function changePerson(
  directory: Directory,
  person: Person,
  { addGroups, removeGroups, ...properties }: z.infer<typeof personChange>,
): void {
  const removed = new Set(removeGroups.map((name) => directory.groupId(name)));
  const added = addGroups.map((name) => directory.groupId(name));
  Object.assign(person, properties);
  person.groups = [...new Set([...person.groups.filter((id) => !removed.has(id)), ...added])];
}
