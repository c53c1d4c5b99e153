import { defaultTextMapSetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { TraceContextTo } from './trace-context-to.ts';

const propagator = new TraceContextTo(['https://name.openai.azure.com/openai/']);
const tracer = new BasicTracerProvider().getTracer('test');

describe('who is told of a trace', () => {
  it.each<[string | null, boolean]>([
    ['https://name.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=1', true],
    ['https://other.openai.azure.com/openai/deployments/gpt-4o/chat/completions', false],
    ['https://name.openai.azure.com.example.org/', false],
    ['http://name.openai.azure.com/openai/x', false],
    ['https://name.openai.azure.com/other/openai/', false],
    ['https://name.openai.azure.com:8443/openai/x', false],
    ['https://login.microsoftonline.com/tenant/oauth2/v2.0/token', false],
    ['https://graph.microsoft.com/v1.0/me', false],
    [null, false],
  ])('%s: %s', (address, isTold) => {
    const span = tracer.startSpan('POST', { attributes: address ? { 'url.full': address } : {} });
    const headers: Record<string, string> = {};
    propagator.inject(trace.setSpan(ROOT_CONTEXT, span), headers, defaultTextMapSetter);
    const { traceId, spanId } = span.spanContext();
    expect(headers).toEqual(isTold ? { traceparent: `00-${traceId}-${spanId}-01` } : {});
  });

  it('nobody, where there is no trace', () => {
    const headers = {};
    propagator.inject(ROOT_CONTEXT, headers, defaultTextMapSetter);
    expect(headers).toEqual({});
  });
});
