import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import { within } from '#platform';
import type { TelemetrySettings } from './telemetry-settings.ts';

/** A collector that is away must not keep the process from ending. */
const farewellMs = 3_000;

export interface Telemetry {
  /** The metrics exist once the application does. */
  tellMetrics(registry: Registry): void;
  /** What has not been sent yet is. */
  end(): Promise<void>;
}

const none: Telemetry = { tellMetrics: () => undefined, end: async () => undefined };

/** Nothing of it is loaded, or costs anything, unless the environment asks for it. Before the first connection to Postgres. */
export async function startTelemetry(
  { traces, metrics }: TelemetrySettings,
  tracesTo: readonly string[],
  logger: Logger,
): Promise<Telemetry> {
  if (!traces && !metrics) return none;
  const sdk = await import('./sdk.ts');
  sdk.hearComplaints((detail) => logger.warn({ msg: 'telemetry was not delivered', detail }));
  const resource = sdk.ownResource();
  const running = traces ? [sdk.startTraces(traces, tracesTo, resource)] : [];
  return {
    tellMetrics(registry) {
      if (metrics) running.push(sdk.startMetrics(metrics, registry, resource));
    },
    async end() {
      const ended = Promise.allSettled(running.map((each) => each.shutdown()));
      await within(farewellMs, ended, 'sending the last telemetry').catch((error: unknown) =>
        logger.warn({ msg: 'the last telemetry was not delivered', err: error }),
      );
    },
  };
}
