/**
 * Spans. Without the operator's `OTEL_*` variables the API of OpenTelemetry does nothing; with them, what may leave of a
 * span is decided where it leaves (apps/api/src/telemetry/discreet-spans.ts).
 */
import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { toAppError } from '../errors/problem.ts';

export type { Span };

const tracer = trace.getTracer('entrada');

/** A part of what is under way, or the beginning of something that nobody asked for. */
export const inSpan = <Result>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<Result>,
): Promise<Result> =>
  tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, toAppError(error).code);
      throw error;
    } finally {
      span.end();
    }
  });

/** By its code: the words of an error may quote what a person wrote. */
export const markFailed = (span: Span, code: string): void =>
  void span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });

/** What somebody asks of us, in the trace that came along, if one did. Whoever begins it ends its span. */
export interface Served {
  span: Span;
  within<Result>(work: () => Result): Result;
}

export function beginServing(name: string, traceparent: unknown, attributes: Attributes): Served {
  const carrier = typeof traceparent === 'string' ? { traceparent } : {};
  const outside = propagation.extract(ROOT_CONTEXT, carrier);
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, outside);
  const inside = trace.setSpan(outside, span);
  return { span, within: (work) => context.with(inside, work) };
}

/** For log lines, under the names that OpenTelemetry gives them there. */
export function currentTrace(): { trace_id: string; span_id: string } | undefined {
  const current = trace.getActiveSpan()?.spanContext();
  return current && { trace_id: current.traceId, span_id: current.spanId };
}
