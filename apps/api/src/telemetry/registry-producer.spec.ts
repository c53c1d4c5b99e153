import { DataPointType } from '@opentelemetry/sdk-metrics';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { RegistryProducer } from './registry-producer.ts';

describe('the metrics of a registry, as OTLP has them', () => {
  it('keeps names, labels and values, and gives each bucket its own count', async () => {
    const registers = [new Registry()];
    const told = { help: 'Some.', registers };
    new Counter({ ...told, name: 'calls_total', labelNames: ['status'] }).inc({ status: '2xx' }, 3);
    new Gauge({ ...told, name: 'open' }).set(-2);
    const spans = new Histogram({ ...told, name: 'took_seconds', labelNames: ['route'], buckets: [0.1, 1] });
    for (const seconds of [0.05, 0.06, 0.5, 7]) spans.observe({ route: '/a' }, seconds);
    spans.observe({ route: '/b' }, 2);

    const { resourceMetrics } = await new RegistryProducer(registers[0]!).collect();
    const [metrics] = resourceMetrics.scopeMetrics.map((scope) => scope.metrics);
    const seen = metrics!.map(({ descriptor: { name }, dataPointType, dataPoints }) => ({
      name,
      dataPointType,
      points: dataPoints.map(({ attributes, value }) => [attributes, value]),
    }));
    expect(seen).toEqual([
      { name: 'calls_total', dataPointType: DataPointType.SUM, points: [[{ status: '2xx' }, 3]] },
      { name: 'open', dataPointType: DataPointType.GAUGE, points: [[{}, -2]] },
      {
        name: 'took_seconds',
        dataPointType: DataPointType.HISTOGRAM,
        points: [
          [{ route: '/a' }, { buckets: { boundaries: [0.1, 1], counts: [2, 1, 1] }, sum: 7.61, count: 4 }],
          [{ route: '/b' }, { buckets: { boundaries: [0.1, 1], counts: [0, 0, 1] }, sum: 2, count: 1 }],
        ],
      },
    ]);
  });
});
