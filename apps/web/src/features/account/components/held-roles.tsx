'use client';

import { rolePermissions } from '#contracts';
import { Badge } from '../../../components/ui/badge.tsx';
import { useSession } from '../../../lib/session.ts';
import { permissionNames, reasonsForRoles, roleNames } from '../describe.ts';
import { AccountSection } from './account-section.tsx';

/** Which roles one has, why, and what each of them allows. */
export function HeldRoles() {
  const { user } = useSession();
  return (
    <AccountSection title="Roles" about="What you may do here is what all your roles allow together.">
      <ul className="grid gap-4">
        {reasonsForRoles(user.heldRoles).map(({ role, because }) => (
          <li key={role} className="grid gap-1.5 border-t pt-4 first:border-t-0 first:pt-0">
            <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Badge>{roleNames[role].name}</Badge>
              <span className="text-muted-foreground">{because.join(', and ')}</span>
            </p>
            <ul
              aria-label={`${roleNames[role].name} may`}
              className="grid list-disc gap-x-6 gap-y-0.5 pl-5 marker:text-muted-foreground sm:grid-cols-2"
            >
              {rolePermissions[role].map((permission) => (
                <li key={permission}>{permissionNames[permission]}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </AccountSection>
  );
}
