import type { RoleReason, SimulatedRoles } from '#contracts';
import { Fact, Facts } from '../../../../components/panel.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Notice } from '../../../../components/ui/notice.tsx';
import { roleNames } from '../../../account/describe.ts';
import { permissionNames } from '../../person/describe-person.ts';

interface SimulatedOutcomeProps {
  /** Of the region: there may be several on a page. */
  label: string;
  outcome: SimulatedRoles;
}

export function SimulatedOutcome({ label, outcome }: SimulatedOutcomeProps) {
  const { roles, permissions, because } = outcome;
  if (roles.length === 0)
    return (
      <Notice tone="warning" title="They would be refused">
        No rule gives them a role, and there is no default role.
      </Notice>
    );
  return (
    <section aria-label={label} className="rounded-xl border bg-muted/40 p-4">
      <Facts>
        <Fact name="Roles">
          <span className="flex flex-wrap gap-1.5">
            {roles.map((role) => (
              <Badge key={role}>{roleNames[role].name}</Badge>
            ))}
          </span>
        </Fact>
        <Fact name="They may">{permissions.map((permission) => permissionNames[permission]).join(', ')}</Fact>
        <Fact name="Because">
          <ul aria-label="Rules that fired" className="grid gap-1">
            {because.map((reason) => (
              <li key={JSON.stringify(reason)}>
                <Reason reason={reason} />
              </li>
            ))}
          </ul>
        </Fact>
      </Facts>
    </section>
  );
}

function Reason({ reason }: { reason: RoleReason }) {
  const role = roleNames[reason.role].name;
  if (reason.rule === 'default')
    return <>No group or app role of theirs is in a rule: the default role, {role}</>;
  return (
    <>
      {reason.rule === 'group' ? 'Group ' : 'App role '}
      <code className="text-xs wrap-anywhere">
        {reason.rule === 'group' ? reason.group : reason.appRole}
      </code>{' '}
      gives {role}
    </>
  );
}
