import { type Context, type TextMapSetter, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/**
 * Tells the services at these addresses which trace a request belongs to, and nobody else: whoever is called for another reason has no
 * use for it, and could tell by it which of their requests have one cause.
 */
export class TraceContextTo extends W3CTraceContextPropagator {
  /** @param services each ends with a slash, so that what begins with it is below it. */
  constructor(private readonly services: readonly string[]) {
    super();
  }

  /** The context is that of the request on its way out, whose span knows where to. */
  override inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const { attributes } = (trace.getSpan(context) ?? {}) as Partial<ReadableSpan>;
    const address = attributes?.['url.full'];
    if (typeof address !== 'string') return;
    if (this.services.some((service) => address.startsWith(service))) super.inject(context, carrier, setter);
  }
}
