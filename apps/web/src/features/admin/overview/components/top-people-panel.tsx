import Link from 'next/link';
import type { Overview } from '#contracts';
import { BarTable } from '../../../../components/charts/bar-table.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { personAddress } from '../../people/people-address.ts';

export function TopPeoplePanel({ people }: { people: Overview['usageByPerson'] }) {
  return (
    <Panel title="Who used most" about="Tokens in these days, the ten who used most.">
      {people.length === 0 ? (
        <p className="py-6 text-center text-muted-foreground">Nobody has used any yet.</p>
      ) : (
        <BarTable
          caption="Tokens by person"
          columns={['Person', 'Tokens']}
          color="var(--chart-1)"
          rows={people.map(({ user, tokens }) => ({
            key: user.id,
            value: tokens,
            name: (
              <Link
                href={personAddress(user.id)}
                prefetch={false}
                className="rounded-sm underline-offset-4 outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
              >
                {user.displayName}
              </Link>
            ),
          }))}
        />
      )}
    </Panel>
  );
}
