import { badRequest } from './errors.ts';
import type { Group, Person, TENANT } from '../people.ts';

export type GraphObject = Record<string, unknown>;

/** What Graph gives without `$select`; `department` and others come only when they are asked for. */
export const USER_PROPERTIES = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

export function userObject(person: Person): GraphObject {
  return {
    businessPhones: [],
    displayName: person.displayName,
    givenName: person.givenName,
    jobTitle: person.jobTitle || null,
    mail: person.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: person.surname,
    userPrincipalName: person.userPrincipalName,
    id: person.id,
    department: person.department || null,
    accountEnabled: person.enabled,
    companyName: person.homeTenantId ? 'Fabrikam' : 'Contoso',
    userType: person.homeTenantId ? 'Guest' : 'Member',
    mailNickname: person.alias,
  };
}

export function selectFrom(object: GraphObject, select: string | undefined, standard: string[]): GraphObject {
  const wanted = select?.split(',').map((name) => name.trim()) ?? standard;
  const unknown = wanted.find((name) => !Object.hasOwn(object, name));
  if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown}'.`);
  return Object.fromEntries(wanted.map((name) => [name, object[name]]));
}

/** In a list of mixed objects each says what it is, whatever was selected. */
export function selectMembership(object: GraphObject, select: string | undefined): GraphObject {
  const names = select === undefined ? undefined : `@odata.type,${select}`;
  return selectFrom(object, names, Object.keys(object));
}

export function groupObject(group: Group): GraphObject {
  return {
    '@odata.type': '#microsoft.graph.group',
    id: group.id,
    displayName: group.displayName,
    description: group.description,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
  };
}

export function roleObject(role: { id: string; displayName: string }): GraphObject {
  return { '@odata.type': '#microsoft.graph.directoryRole', ...role, description: role.displayName };
}

export function organization(tenant: typeof TENANT): GraphObject {
  const verifiedDomains = tenant.domains.map((name, index) => ({
    name,
    isDefault: index === 0,
    isInitial: name.endsWith('.onmicrosoft.com'),
    type: 'Managed',
  }));
  return { id: tenant.id, displayName: tenant.displayName, tenantType: 'AAD', verifiedDomains };
}
