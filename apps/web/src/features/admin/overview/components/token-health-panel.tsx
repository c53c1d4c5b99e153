import { CircleAlert, CircleCheck, CircleDashed, Clock3, type LucideIcon, RefreshCw } from 'lucide-react';
import type { Overview } from '#contracts';
import { formatNumber } from '../../../../components/charts/series.ts';
import { Panel } from '../../../../components/panel.tsx';

type Status = keyof Overview['azureTokens'];

const states: readonly { status: Status; name: string; means: string; color: string; Icon: LucideIcon }[] = [
  { status: 'fresh', name: 'Fresh', means: 'Azure accepts it', color: 'var(--success)', Icon: CircleCheck },
  { status: 'expiring', name: 'Expiring', means: 'being renewed', color: 'var(--chart-2)', Icon: RefreshCw },
  {
    status: 'expired',
    name: 'Expired',
    means: 'renewed at the next question',
    color: 'var(--chart-3)',
    Icon: Clock3,
  },
  {
    status: 'needs_interaction',
    name: 'Needs a sign-in',
    means: 'the person must sign in again',
    color: 'var(--destructive)',
    Icon: CircleAlert,
  },
  {
    status: 'none',
    name: 'None',
    means: 'nothing is stored',
    color: 'var(--muted-foreground)',
    Icon: CircleDashed,
  },
];

/** One bar for everybody, and what its parts are: a table, so that it is read as well as looked at. */
export function TokenHealthPanel({ azureTokens }: Pick<Overview, 'azureTokens'>) {
  const total = Object.values(azureTokens).reduce((sum, count) => sum + count, 0);
  return (
    <Panel title="Azure tokens" about="How people stand with Azure at this moment.">
      <div aria-hidden className="mb-4 flex h-4 gap-0.5 overflow-hidden rounded-full bg-muted">
        {states.map(
          ({ status, color }) =>
            azureTokens[status] > 0 && (
              <div
                key={status}
                className="min-w-1"
                style={{ background: color, width: `${(azureTokens[status] / total) * 100}%` }}
              />
            ),
        )}
      </div>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">People by the state of their Azure token</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">State</th>
            <th scope="col">People</th>
          </tr>
        </thead>
        <tbody>
          {states.map(({ status, name, means, color, Icon }) => (
            <tr key={status}>
              <th scope="row" className="py-1.5 font-normal">
                <span className="flex items-center gap-2">
                  <Icon aria-hidden className="size-4 shrink-0" style={{ color }} />
                  <span>
                    {name} <span className="text-muted-foreground">· {means}</span>
                  </span>
                </span>
              </th>
              <td className="py-1.5 pl-3 text-right font-medium tabular-nums">
                {formatNumber(azureTokens[status])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
