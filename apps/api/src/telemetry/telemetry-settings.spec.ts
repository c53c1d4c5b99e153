import { describe, expect, it } from 'vitest';
import type { EnvironmentFault } from '#platform';
import { readTelemetry } from './telemetry-settings.ts';

const at = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const traces = { sampler: 'always_on' as const, ratio: 1 };
const metrics = { everyMs: 60_000 };

describe('what switches telemetry on', () => {
  it.each<[Record<string, string>, ReturnType<typeof readTelemetry>]>([
    [{}, { traces: null, metrics: null }],
    [
      { OTEL_SERVICE_NAME: 'chat', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=1' },
      { traces: null, metrics: null },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' },
      { traces: null, metrics: null },
    ],
    [at, { traces, metrics }],
    [
      { ...at, OTEL_SDK_DISABLED: 'True' },
      { traces: null, metrics: null },
    ],
    [
      { ...at, OTEL_METRICS_EXPORTER: 'none' },
      { traces, metrics: null },
    ],
    [
      { ...at, OTEL_TRACES_EXPORTER: 'none' },
      { traces: null, metrics },
    ],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, { traces, metrics: null }],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://collector/v1/metrics' }, { traces: null, metrics }],
    [
      { ...at, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_METRIC_EXPORT_INTERVAL: '5000' },
      { traces, metrics: { everyMs: 5_000 } },
    ],
    [
      { ...at, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { traces: { sampler: 'traceidratio', ratio: 0.25 }, metrics },
    ],
    [
      { ...at, OTEL_TRACES_SAMPLER: 'always_off' },
      { traces: { sampler: 'always_off', ratio: 1 }, metrics },
    ],
  ])('%j', (environment, expected) => {
    const faults: EnvironmentFault[] = [];
    expect(readTelemetry(environment, faults)).toEqual(expected);
    expect(faults).toEqual([]);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, ['OTEL_TRACES_EXPORTER']],
    [{ OTEL_METRICS_EXPORTER: 'prometheus' }, ['OTEL_METRICS_EXPORTER']],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317', OTEL_METRICS_EXPORTER: 'none' },
      ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    ],
    [
      { ...at, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc', OTEL_METRICS_EXPORTER: 'none' },
      ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'],
    ],
    [
      { ...at, OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: '2' },
      ['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'],
    ],
    [{ ...at, OTEL_METRIC_EXPORT_INTERVAL: '1' }, ['OTEL_METRIC_EXPORT_INTERVAL']],
  ])('CFG-01: %j is told of and stops the start', (environment, expected) => {
    const faults: EnvironmentFault[] = [];
    readTelemetry(environment, faults);
    expect(faults.map(({ variable }) => variable)).toEqual(expected);
  });
});
