/**
 * Which of OpenTelemetry's standard variables switch it on, and which of their values are not for us. What else they say
 * (addresses, headers, time-outs, limits, attributes) the SDK reads itself.
 */
import type { EnvironmentFault } from '#platform';

export interface TelemetrySettings {
  traces: { sampler: RootSampler; ratio: number } | null;
  metrics: { everyMs: number } | null;
}

/** Who decides where nobody before us has: of the standard's names those without what follows a parent. */
export type RootSampler = 'always_on' | 'always_off' | 'traceidratio';
const rootSamplers: readonly string[] = ['always_on', 'always_off', 'traceidratio'] satisfies RootSampler[];

type Source = Readonly<Record<string, string | undefined>>;

/** Off unless an exporter or an address is named. */
export function readTelemetry(source: Source, faults: EnvironmentFault[]): TelemetrySettings {
  const off = { traces: null, metrics: null };
  if (source.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return off;
  return {
    traces: isWanted('TRACES', source, faults) ? readSampler(source, faults) : null,
    metrics: isWanted('METRICS', source, faults) ? readInterval(source, faults) : null,
  };
}

function isWanted(signal: 'TRACES' | 'METRICS', source: Source, faults: EnvironmentFault[]): boolean {
  const exporter = source[`OTEL_${signal}_EXPORTER`];
  const endpoint = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`;
  const protocol = `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`;
  const addressed = [endpoint, 'OTEL_EXPORTER_OTLP_ENDPOINT'].find((name) => source[name]);
  if (exporter === 'none' || (!exporter && !addressed)) return false;
  const spoken = [protocol, 'OTEL_EXPORTER_OTLP_PROTOCOL'].find((name) => source[name]);
  if (exporter && exporter !== 'otlp')
    faults.push({ variable: `OTEL_${signal}_EXPORTER`, problem: 'write otlp or none' });
  if (addressed && !/^https?:\/\/./.test(source[addressed] ?? ''))
    faults.push({ variable: addressed, problem: 'write an address such as http://collector:4318' });
  if (spoken && source[spoken] !== 'http/protobuf')
    faults.push({ variable: spoken, problem: 'write http/protobuf, the one protocol that is spoken here' });
  return true;
}

function readSampler(source: Source, faults: EnvironmentFault[]): TelemetrySettings['traces'] {
  const name = (source.OTEL_TRACES_SAMPLER || 'parentbased_always_on').replace(/^parentbased_/, '');
  const written = source.OTEL_TRACES_SAMPLER_ARG || '1';
  const ratio = Number(written);
  if (!rootSamplers.includes(name))
    faults.push({
      variable: 'OTEL_TRACES_SAMPLER',
      problem: 'write always_on, always_off or traceidratio, or one of them after parentbased_',
    });
  if (!/^[\d.]+$/.test(written) || !(ratio <= 1))
    faults.push({ variable: 'OTEL_TRACES_SAMPLER_ARG', problem: 'write a number from 0 to 1' });
  return { sampler: name as RootSampler, ratio };
}

function readInterval(source: Source, faults: EnvironmentFault[]): TelemetrySettings['metrics'] {
  const everyMs = Number(source.OTEL_METRIC_EXPORT_INTERVAL || 60_000);
  if (!Number.isInteger(everyMs) || everyMs < 100)
    faults.push({ variable: 'OTEL_METRIC_EXPORT_INTERVAL', problem: 'write milliseconds, at least 100' });
  return { everyMs };
}
