import type { Directory } from '../directory.ts';
import { DIRECTORY_ROLES, type Person } from '../people.ts';
import type { GraphCaller } from './caller.ts';
import { groupObject, roleObject, type GraphObject } from './objects.ts';

/** `memberOf` lists what names the person directly, `transitiveMemberOf` the groups around those too. */
export const RELATIONS = {
  memberOf: (directory: Directory, person: Person) => directory.directGroups(person),
  transitiveMemberOf: (directory: Directory, person: Person) => directory.allGroups(person),
};

/** Without the cast to groups the answer holds directory roles as well. */
export const CASTS = { all: '', groups: '/microsoft.graph.group' };

const READS_NAMES = new Set([
  'GroupMember.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.AccessAsUser.All',
]);

const NEVER_HIDDEN = new Set(['@odata.type', 'id']);

export function membershipsOf(
  directory: Directory,
  { person, scopes }: GraphCaller,
  relation: keyof typeof RELATIONS,
  cast: keyof typeof CASTS,
): GraphObject[] {
  const roles = cast === 'all' ? DIRECTORY_ROLES.filter(({ id }) => person.directoryRoles.includes(id)) : [];
  const groups = RELATIONS[relation](directory, person);
  const objects = [...roles.map(roleObject), ...groups.map(groupObject)];
  return scopes.some((scope) => READS_NAMES.has(scope)) ? objects : objects.map(nameless);
}

/** With User.Read alone Graph tells which groups there are, and nothing about them. */
function nameless(object: GraphObject): GraphObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, NEVER_HIDDEN.has(name) ? value : null]),
  );
}
