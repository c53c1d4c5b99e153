import type { Overview } from '#contracts';
import { formatCompact, formatNumber } from '../../../../components/charts/series.ts';
import { Notice } from '../../../../components/ui/notice.tsx';
import { isNew, totals } from '../totals.ts';

/** The four figures that one looks at first. */
export function Headline({ overview }: { overview: Overview }) {
  const { people, sessions } = overview;
  const { signIns, failed, tokens, requests } = totals(overview);
  return (
    <>
      {isNew(overview) && (
        <Notice title="It is quiet here">
          This installation is new: the charts fill as people sign in and chat.
        </Notice>
      )}
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="People" value={people.total} about={`${formatNumber(people.active)} may sign in`} />
        <Figure
          name="Active sessions"
          value={sessions.active}
          about={`of ${formatNumber(sessions.people)} ${sessions.people === 1 ? 'person' : 'people'}`}
        />
        <Figure name="Sign-ins" value={signIns} about={`${formatNumber(failed)} failed`} />
        <Figure name="Tokens used" value={tokens} about={`in ${formatNumber(requests)} answers`} />
      </dl>
    </>
  );
}

function Figure({ name, value, about }: { name: string; value: number; about: string }) {
  return (
    <div className="rounded-2xl border bg-card p-4">
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd>
        <span className="text-2xl font-semibold tracking-tight tabular-nums" title={formatNumber(value)}>
          {formatCompact(value)}
        </span>
        <span className="block text-xs text-muted-foreground">{about}</span>
      </dd>
    </div>
  );
}
