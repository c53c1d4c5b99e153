import { SpanStatusCode } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { DiscreetExporter } from './discreet-spans.ts';

const canary = 'canary-3f1c';

describe('what leaves of a span', () => {
  it('TOK-06: its name, times and ids, and of its attributes those that are named; no words of an error', async () => {
    const kept = new InMemorySpanExporter();
    const tracer = new BasicTracerProvider({
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanProcessors: [new SimpleSpanProcessor(new DiscreetExporter(kept))],
    }).getTracer('test');
    const span = tracer.startSpan('GET graph', {
      attributes: {
        'url.full': `https://graph.example/v1.0/me?code=${canary}`,
        'url.query': `?state=${canary}`,
        'http.request.header.authorization': [canary],
        'user_agent.original': canary,
        'db.user': canary,
        'db.postgresql.values': [canary],
        'exception.message': canary,
        'http.request.method': 'GET',
        'http.response.status_code': 500,
      },
      links: [
        {
          context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
          attributes: { canary },
        },
      ],
    });
    span.recordException(new Error(canary));
    span.addEvent(canary);
    span.setStatus({ code: SpanStatusCode.ERROR, message: canary });
    span.end();
    const [left] = kept.getFinishedSpans();
    const { resource: _resource, instrumentationScope: _scope, ...told } = left!;
    expect(JSON.stringify(told)).not.toContain('canary');
    expect(left).toMatchObject({
      name: 'GET graph',
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 500 },
      status: { code: SpanStatusCode.ERROR },
      events: [],
      links: [],
    });
    expect(left?.spanContext()).toEqual(span.spanContext());
  });
});
