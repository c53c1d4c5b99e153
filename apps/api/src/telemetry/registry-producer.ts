/** The metrics of /metrics, for OTLP: each is defined once, with prom-client, and has the same name both ways. */
import { ValueType } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import { hrTime, millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';

type Told = MetricObjectWithValues<MetricValue<string> & Partial<MetricValueWithName<string>>>;
type Value = Told['values'][number];

export class RegistryProducer implements MetricProducer {
  private readonly since = millisToHrTime(performance.timeOrigin);

  constructor(private readonly registry: Registry) {}

  async collect(): Promise<CollectionResult> {
    const told = (await this.registry.getMetricsAsJSON()) as unknown as Told[];
    const times = { startTime: this.since, endTime: hrTime() };
    const metrics = told.map((metric) => metricData(metric, times)).filter((data) => data !== null);
    return {
      resourceMetrics: {
        resource: emptyResource(),
        scopeMetrics: [{ scope: { name: 'entrada' }, metrics }],
      },
      errors: [],
    };
  }
}

/** Null for a kind that OTLP has no word for; none of ours is. */
export function metricData(
  { name, help, type, values }: Told,
  times: { startTime: HrTime; endTime: HrTime },
): MetricData | null {
  const metric = {
    descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const point = ({ labels, value }: Value) => ({ ...times, attributes: { ...labels }, value });
  // prom-client tells the kind by a word, whatever its types say.
  switch (type as unknown as string) {
    case 'counter':
      return {
        ...metric,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: values.map(point),
      };
    case 'gauge':
      return { ...metric, dataPointType: DataPointType.GAUGE, dataPoints: values.map(point) };
    case 'histogram':
      return {
        ...metric,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: histograms(values).map(({ labels, value }) => ({ ...times, attributes: labels, value })),
      };
    default:
      return null;
  }
}

/** Prometheus counts up from bucket to bucket and in lines of their own; OTLP has each bucket's own count in one piece. */
function histograms(values: readonly Value[]): { labels: Record<string, string>; value: Histogram }[] {
  const bySeries = new Map<
    string,
    { labels: Record<string, string>; bounds: number[]; reached: number[]; sum: number; count: number }
  >();
  for (const { labels, value, metricName = '' } of values) {
    const { le, ...own } = labels as Record<string, string>;
    const key = JSON.stringify(Object.entries(own).toSorted());
    const series = bySeries.get(key) ?? { labels: own, bounds: [], reached: [], sum: 0, count: 0 };
    bySeries.set(key, series);
    if (metricName.endsWith('_sum')) series.sum = value;
    else if (metricName.endsWith('_count')) series.count = value;
    else if (String(le) !== '+Inf') {
      series.bounds.push(Number(le));
      series.reached.push(value);
    }
  }
  return [...bySeries.values()].map(({ labels, bounds, reached, sum, count }) => ({
    labels,
    value: {
      buckets: {
        boundaries: bounds,
        counts: [...reached, count].map((at, index) => at - (index === 0 ? 0 : (reached[index - 1] ?? 0))),
      },
      sum,
      count,
    },
  }));
}
