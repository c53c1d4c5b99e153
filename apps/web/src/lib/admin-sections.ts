import type { Permission } from '#contracts';

interface AdminSection {
  href: string;
  label: string;
  permission: Permission;
  /** The page of one of them. */
  each?: string;
}

/** The screens of the administration, and what each needs. */
export const adminSections = [
  { href: '/admin', label: 'Overview', permission: 'users.read' },
  { href: '/admin/people', label: 'People', permission: 'users.read', each: '/admin/person' },
  { href: '/admin/sessions', label: 'Sessions', permission: 'sessions.manage' },
  { href: '/admin/audit', label: 'Audit', permission: 'audit.read' },
  { href: '/admin/role-mapping', label: 'Role mapping', permission: 'users.read' },
] as const satisfies readonly AdminSection[];

export type AdminHref = (typeof adminSections)[number]['href'];

export const sectionsFor = (permissions: readonly Permission[]): readonly AdminSection[] =>
  adminSections.filter(({ permission }) => permissions.includes(permission));

/** The section that a page belongs to: the one with the longest address above it. */
export function sectionAt(pathname: string): AdminSection | undefined {
  const isAbove = ({ href, each }: AdminSection): boolean =>
    pathname === href || pathname === each || pathname.startsWith(`${href}/`);
  return adminSections.filter(isAbove).toSorted((one, other) => other.href.length - one.href.length)[0];
}
