/** OpenTelemetry's SDK, read only where it is wanted. */
import { randomUUID } from 'node:crypto';
import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Registry } from 'prom-client';
import { version } from '../version.ts';
import { DiscreetExporter } from './discreet-spans.ts';
import { RegistryProducer } from './registry-producer.ts';
import { rootSampler } from './root-sampler.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';
import { TraceContextTo } from './trace-context-to.ts';

/** What the operator says of it in OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES counts; of the machine nothing is told. */
export const ownResource = (): Resource =>
  defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': 'entrada',
        'service.version': version,
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));

/** pg is instrumented as it is loaded, which TypeORM does with the first connection; fetch by its diagnostics channel. */
export function startTraces(
  settings: NonNullable<TelemetrySettings['traces']>,
  tracesTo: readonly string[],
  resource: Resource,
): { shutdown(): Promise<void> } {
  const provider = new NodeTracerProvider({
    resource,
    sampler: rootSampler(settings),
    spanProcessors: [new BatchSpanProcessor(new DiscreetExporter(new OTLPTraceExporter()))],
  });
  provider.register({ propagator: new TraceContextTo(tracesTo) });
  new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }).enable();
  new UndiciInstrumentation({
    requireParentforSpans: true,
    requestHook: (span, { method, origin }) => span.updateName(`${method} ${new URL(origin).host}`),
  }).enable();
  return provider;
}

export function startMetrics(
  { everyMs }: NonNullable<TelemetrySettings['metrics']>,
  registry: Registry,
  resource: Resource,
): { shutdown(): Promise<void> } {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: Math.min(everyMs, 30_000),
    metricProducers: [new RegistryProducer(registry)],
  });
  return new MeterProvider({ resource, readers: [reader] });
}

/** Of everything that the SDK has to complain about, the first and then one a minute. */
export function hearComplaints(tell: (complaint: string) => void): void {
  let silentUntil = 0;
  const hear: DiagLogger['error'] = (message) => {
    if (Date.now() < silentUntil) return;
    silentUntil = Date.now() + 60_000;
    tell(wordsOf(message));
  };
  const nothing = () => undefined;
  const logger = { error: hear, warn: hear, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

/** Errors come as JSON with everything that they carry. */
function wordsOf(message: string): string {
  try {
    return String((JSON.parse(message) as { message?: unknown }).message);
  } catch {
    return message.slice(0, 200);
  }
}
