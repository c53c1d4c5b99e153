import { expect, it } from 'vitest';
import { permissionsOf, type Role } from '#contracts';
import { sectionAt, sectionsFor } from './admin-sections.ts';

it.each<[Role, string[]]>([
  ['admin', ['Overview', 'People', 'Sessions', 'Audit', 'Role mapping']],
  ['auditor', ['Overview', 'People', 'Audit', 'Role mapping']],
  ['user', []],
  ['viewer', []],
])('the role %s is shown the screens %j', (role, labels) => {
  expect(sectionsFor(permissionsOf([role])).map(({ label }) => label)).toEqual(labels);
});

it.each([
  ['/admin', 'Overview'],
  ['/admin/', 'Overview'],
  ['/admin/audit', 'Audit'],
  ['/admin/people/more', 'People'],
  ['/admin/person', 'People'],
  ['/admin/unheard-of', 'Overview'],
  ['/administration', undefined],
])('%s belongs to %s', (pathname, label) => {
  expect(sectionAt(pathname)?.label).toBe(label);
});
