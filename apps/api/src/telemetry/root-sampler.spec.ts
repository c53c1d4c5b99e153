import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { rootSampler } from './root-sampler.ts';
import type { RootSampler } from './telemetry-settings.ts';

const low = '00000001000000000000000000000000';
const high = 'ffffffff000000000000000000000000';
const [sampled, unsampled] = [TraceFlags.SAMPLED, TraceFlags.NONE];

describe('whether a trace is kept', () => {
  it.each<[string, RootSampler, number, string, { flags: number; isRemote: boolean } | null, boolean]>([
    ['as the operator says', 'always_on', 1, high, null, true],
    ['as the operator says', 'always_off', 1, low, null, false],
    ['by its id', 'traceidratio', 0.1, low, null, true],
    ['by its id', 'traceidratio', 0.1, high, null, false],
    ['not because a caller wants it', 'always_off', 1, low, { flags: sampled, isRemote: true }, false],
    ['not because a caller wants it', 'traceidratio', 0.1, high, { flags: sampled, isRemote: true }, false],
    ['though our page recorded nothing', 'always_on', 1, low, { flags: unsampled, isRemote: true }, true],
    ['inside as where it entered', 'always_off', 1, low, { flags: sampled, isRemote: false }, true],
    ['inside as where it entered', 'always_on', 1, low, { flags: unsampled, isRemote: false }, false],
  ])('%s: %s %s', (_, sampler, ratio, traceId, parent, isKept) => {
    const context = parent
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId,
          spanId: '0102030405060708',
          traceFlags: parent.flags,
          isRemote: parent.isRemote,
        })
      : ROOT_CONTEXT;
    const { decision } = rootSampler({ sampler, ratio }).shouldSample(
      context,
      traceId,
      'GET /api/x',
      SpanKind.SERVER,
      {},
      [],
    );
    expect(decision === SamplingDecision.RECORD_AND_SAMPLED).toBe(isKept);
  });
});
