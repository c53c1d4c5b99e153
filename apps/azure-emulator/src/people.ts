/**
 * The people and groups of the emulated tenant "Contoso". Their names hint at what they are for: Adele the
 * administrator, Audrey the auditor, Uma the user, Viktor the viewer, …
 */
export interface Person {
  alias: string;
  id: string;
  about: string;
  displayName: string;
  givenName: string;
  surname: string;
  userPrincipalName: string;
  mail: string;
  jobTitle: string;
  department: string;
  /** Groups that list this person directly; the groups those groups are in come on top. */
  groups: string[];
  directoryRoles: string[];
  appRoles: string[];
  enabled: boolean;
  secondStep: boolean;
  /** Whether the Azure role "Cognitive Services OpenAI User" is assigned on the Azure OpenAI resource. */
  openAiRole: boolean;
  homeTenantId: string | null;
}

export interface Group {
  id: string;
  displayName: string;
  description: string;
  memberOf: string[];
}

export const TENANT = {
  id: '7c0de000-a2e0-4c05-8050-c0c0a0000001',
  displayName: 'Contoso',
  domains: ['contoso.com', 'contoso.onmicrosoft.com'],
};

/** What somebody whose sign-in needs another step has to enter. Always the same, so that a test knows it. */
export const SECOND_STEP_NUMBER = '42';

const FABRIKAM_TENANT_ID = '7fab0000-a2e0-4c05-8050-c0c0a0000002';

export const ROLE_GROUPS = {
  admin: '9a0b0000-0000-4000-8000-00000000ad01',
  auditor: '9a0b0000-0000-4000-8000-00000000a0d2',
  user: '9a0b0000-0000-4000-8000-00000000b503',
  viewer: '9a0b0000-0000-4000-8000-00000000e004',
};

const RESEARCH = '9a0b0000-0000-4000-8000-0000000ea500';
const GLOBAL_READER = '9d0b0000-0000-4000-8000-00000000f2f2';

const PROJECTS = Array.from({ length: 249 }, (_, index) => {
  const number = String(index + 1).padStart(3, '0');
  return group(`9a0b0000-0000-4000-8000-000000100${number}`, `Project ${number}`);
});

export const GROUPS: Group[] = [
  group(ROLE_GROUPS.admin, 'Entrada Administrators'),
  group(ROLE_GROUPS.auditor, 'Entrada Auditors'),
  group(ROLE_GROUPS.user, 'Entrada Users'),
  group(ROLE_GROUPS.viewer, 'Entrada Viewers'),
  group(RESEARCH, 'Research', [ROLE_GROUPS.user]),
  ...PROJECTS,
];

export const DIRECTORY_ROLES = [{ id: GLOBAL_READER, displayName: 'Global Reader' }];

export const PEOPLE: Person[] = [
  person(1, 'Adele Vance', 'Administrator', {
    jobTitle: 'Head of Workplace IT',
    department: 'IT',
    groups: [ROLE_GROUPS.admin],
    directoryRoles: [GLOBAL_READER],
  }),
  person(2, 'Audrey Lang', 'Auditor', {
    jobTitle: 'Compliance Officer',
    department: 'Legal',
    groups: [ROLE_GROUPS.auditor],
  }),
  person(3, 'Uma Patel', 'User', {
    jobTitle: 'Marketing Manager',
    department: 'Marketing',
    groups: [ROLE_GROUPS.user],
  }),
  person(4, 'Ulrich Brandt', 'User through a group inside a group', {
    jobTitle: 'Research Scientist',
    department: 'Research',
    groups: [RESEARCH],
  }),
  person(5, 'Viktor Holm', 'Viewer', {
    jobTitle: 'Intern',
    department: 'Sales',
    groups: [ROLE_GROUPS.viewer],
  }),
  person(6, 'Grace Okafor', 'User in 250 groups', {
    jobTitle: 'Programme Director',
    department: 'Operations',
    groups: [...PROJECTS.map((project) => project.id), ROLE_GROUPS.user],
  }),
  person(7, 'Dieter Kranz', 'Disabled account', {
    jobTitle: 'Former Consultant',
    department: 'Finance',
    groups: [ROLE_GROUPS.user],
    enabled: false,
  }),
  person(8, 'Nora Lindqvist', 'In no group', {
    jobTitle: 'Receptionist',
    department: 'Facilities',
  }),
  person(9, 'Gustav Berg', 'User, guest from Fabrikam', {
    jobTitle: 'Partner Engineer',
    department: 'Fabrikam',
    groups: [ROLE_GROUPS.user],
    mail: 'gustav.berg@fabrikam.com',
    userPrincipalName: 'gustav.berg_fabrikam.com#EXT#@contoso.onmicrosoft.com',
    homeTenantId: FABRIKAM_TENANT_ID,
  }),
  person(10, 'Stella Moreau', 'User whose sign-in needs another step', {
    jobTitle: 'Controller',
    department: 'Finance',
    groups: [ROLE_GROUPS.user],
    secondStep: true,
  }),
  person(11, 'Rhea Santos', 'User without the Azure OpenAI role', {
    jobTitle: 'Designer',
    department: 'Product',
    groups: [ROLE_GROUPS.user],
    openAiRole: false,
  }),
];

function group(id: string, displayName: string, memberOf: string[] = []): Group {
  return { id, displayName, description: `${displayName} of Contoso`, memberOf };
}

function person(number: number, displayName: string, about: string, rest: Partial<Person>): Person {
  const [givenName, surname] = displayName.split(' ') as [string, string];
  const address = `${givenName}.${surname}@contoso.com`.toLowerCase();
  return {
    alias: givenName.toLowerCase(),
    id: `0b1ec700-0000-4000-8000-${String(number).padStart(12, '0')}`,
    about,
    displayName,
    givenName,
    surname,
    userPrincipalName: address,
    mail: address,
    jobTitle: '',
    department: '',
    groups: [],
    directoryRoles: [],
    appRoles: [],
    enabled: true,
    secondStep: false,
    openAiRole: true,
    homeTenantId: null,
    ...rest,
  };
}
