'use client';

import { Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useLoaded } from '../../lib/use-loaded.ts';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { DayTable } from './day-table.tsx';
import { type DayRow, formatNumber, type Series } from './series.ts';
import { Swatch } from './swatch.tsx';

const loadBars = () => import('./day-bars.tsx');

interface DayChartProps<Key extends string> {
  title: string;
  about: ReactNode;
  rows: readonly DayRow<Key>[];
  series: readonly Series<Key>[];
  /** Said in place of columns that are all empty. */
  nothing: string;
}

/** A chart by day, with the table that says the same: hidden to the eye until it is asked for, never to a screen reader. */
export function DayChart<Key extends string>({ title, about, rows, series, nothing }: DayChartProps<Key>) {
  const [asTable, setAsTable] = useState(false);
  const tableId = useId();
  const totals = series.map(({ key }) => rows.reduce((sum, row) => sum + row[key], 0));
  const isEmpty = totals.every((total) => total === 0);
  return (
    <Panel
      title={title}
      about={about}
      actions={
        !isEmpty && (
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={asTable}
            aria-controls={tableId}
            aria-label={`Show “${title}” as table`}
            onClick={() => setAsTable(!asTable)}
          >
            <Table2 /> {asTable ? 'Show as chart' : 'Show as table'}
          </Button>
        )
      }
    >
      {isEmpty ? (
        <p className="py-6 text-center text-muted-foreground">{nothing}</p>
      ) : (
        <>
          <ul className="mb-3 flex flex-wrap gap-x-5 gap-y-1.5 text-xs">
            {series.map((one, place) => (
              <li key={one.key} className="flex items-center gap-1.5">
                <Swatch series={one} />
                {one.name}
                <span className="font-medium tabular-nums">{formatNumber(totals[place] ?? 0)}</span>
              </li>
            ))}
          </ul>
          {!asTable && (
            <div aria-hidden className="h-60">
              <Bars rows={rows} series={series} />
            </div>
          )}
          <div id={tableId}>
            <DayTable title={title} rows={rows} series={series} shown={asTable} />
          </div>
        </>
      )}
    </Panel>
  );
}

function Bars({ rows, series }: Pick<DayChartProps<string>, 'rows' | 'series'>) {
  const bars = useLoaded(loadBars, true);
  return bars ? <bars.DayBars rows={rows} series={series} /> : <Skeleton className="h-full" />;
}
