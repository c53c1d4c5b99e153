import type { Overview } from '#contracts';
import { BarTable } from '../../../../components/charts/bar-table.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { actionWords, reasonWords } from '../../audit/action-words.ts';

export function FailuresPanel({ failures }: Pick<Overview, 'failures'>) {
  return (
    <Panel title="What failed" about="Failed and refused acts in these days, the most frequent first.">
      {failures.length === 0 ? (
        <p className="py-6 text-center text-muted-foreground">Nothing has failed during these days.</p>
      ) : (
        <BarTable
          caption="Failures by kind"
          columns={['Kind', 'Times']}
          color="var(--destructive)"
          rows={failures.map(({ action, code, count }) => ({
            key: `${action} ${code ?? ''}`,
            value: count,
            name: (
              <>
                {actionWords(action)}
                {code !== null && <span className="text-muted-foreground"> · {reasonWords(code)}</span>}
              </>
            ),
          }))}
        />
      )}
    </Panel>
  );
}
