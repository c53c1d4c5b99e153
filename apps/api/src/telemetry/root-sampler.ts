import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { TelemetrySettings } from './telemetry-settings.ts';

/**
 * Whether a trace is kept is decided where it enters, by the operator's rule: whoever sends one along is anybody, and the
 * pages of ours record nothing themselves. What follows inside goes with that.
 */
export function rootSampler({ sampler, ratio }: NonNullable<TelemetrySettings['traces']>): Sampler {
  const samplers: Record<typeof sampler, Sampler> = {
    always_on: new AlwaysOnSampler(),
    always_off: new AlwaysOffSampler(),
    traceidratio: new TraceIdRatioBasedSampler(ratio),
  };
  const root = samplers[sampler];
  return new ParentBasedSampler({ root, remoteParentSampled: root, remoteParentNotSampled: root });
}
