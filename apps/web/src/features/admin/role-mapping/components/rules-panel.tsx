import type { RoleMappings } from '#contracts';
import { CopyButton } from '../../../../components/copy-button.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import {
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
} from '../../../../components/ui/table.tsx';
import { roleNames } from '../../../account/describe.ts';

export function RulesPanel({ rules }: { rules: RoleMappings }) {
  const { mappings, defaultRole } = rules;
  return (
    <Panel
      title="Rules"
      about="Set by the operator with ROLE_MAPPINGS and DEFAULT_ROLE. Several groups add up; app roles of the same names count as well."
    >
      {mappings.length === 0 ? (
        <p className="text-muted-foreground">No group is mapped to a role.</p>
      ) : (
        <Table label="Rules">
          <TableHead>
            <TableColumn>Members of the group</TableColumn>
            <TableColumn>get the role</TableColumn>
            <TableColumn>and</TableColumn>
          </TableHead>
          <TableBody>
            {mappings.map(({ group, role }) => (
              <TableRow key={`${group} ${role}`}>
                <TableCell label="Group">
                  <span className="flex items-center gap-1">
                    <code className="text-xs wrap-anywhere">{group}</code>
                    <CopyButton text={group} label={`Copy the group id ${group}`} size="icon-sm" />
                  </span>
                </TableCell>
                <TableCell label="Role">
                  <Badge>{roleNames[role].name}</Badge>
                </TableCell>
                <TableCell label="Means">
                  <span className="text-muted-foreground">{roleNames[role].means}</span>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      <p className="mt-4 text-muted-foreground">
        {defaultRole === null
          ? 'Whoever is in none of these groups is refused at sign-in, and told so.'
          : `Whoever is in none of these groups gets the default role, ${roleNames[defaultRole].name}.`}
      </p>
    </Panel>
  );
}
