'use client';

import { useId } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { DayTip } from './day-tip.tsx';
import { type DayRow, formatCompact, formatDay, type Series } from './series.ts';

interface DayBarsProps {
  rows: readonly DayRow[];
  series: readonly Series[];
}

const axis = { tickLine: false, axisLine: false, tick: { fill: 'var(--muted-foreground)', fontSize: 12 } };

/**
 * A column for each day, its parts one above the other. Only for the eye: the table beside it has every figure. This
 * module brings the chart library and is fetched with the first chart.
 */
export function DayBars({ rows, series }: DayBarsProps) {
  const hatch = `hatch${useId().replaceAll(/[^\w-]/g, '')}`;
  // Lines between the parts would cover columns this thin.
  const isDense = rows.length > 45;
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 240 }}>
      <BarChart
        data={[...rows]}
        accessibilityLayer={false}
        margin={{ top: 4, right: 4, bottom: 0, left: 0 }}
        barCategoryGap={isDense ? '8%' : '18%'}
      >
        <defs>
          {series.map(({ key, color, hatched }) =>
            hatched ? (
              <pattern
                key={key}
                id={`${hatch}-${key}`}
                width="5"
                height="5"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <rect width="2.5" height="5" fill={color} />
              </pattern>
            ) : null,
          )}
        </defs>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis dataKey="day" tickFormatter={formatDay} minTickGap={28} {...axis} />
        <YAxis width={44} allowDecimals={false} tickFormatter={formatCompact} {...axis} />
        <Tooltip
          cursor={{ fill: 'var(--accent)', opacity: 0.6 }}
          content={<DayTip series={series} />}
          isAnimationActive={false}
        />
        {series.map(({ key, color, hatched }) => (
          <Bar
            key={key}
            dataKey={key}
            stackId="day"
            fill={hatched ? `url(#${hatch}-${key})` : color}
            stroke={hatched ? color : 'var(--card)'}
            strokeWidth={isDense ? 0 : 1}
            maxBarSize={36}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
