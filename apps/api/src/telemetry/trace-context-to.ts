import { type Context, type TextMapSetter, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/**
 * Tells the named origins which trace a request belongs to, and nobody else: whoever is called for another reason has no
 * use for it, and could tell by it which of their requests have one cause.
 */
export class TraceContextTo extends W3CTraceContextPropagator {
  private readonly origins: ReadonlySet<string>;

  constructor(addresses: readonly string[]) {
    super();
    this.origins = new Set(addresses.map((address) => new URL(address).origin));
  }

  /** The context is that of the request on its way out, whose span knows where to. */
  override inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const { attributes } = (trace.getSpan(context) ?? {}) as Partial<ReadableSpan>;
    const address = attributes?.['url.full'];
    if (typeof address === 'string' && this.origins.has(new URL(address).origin))
      super.inject(context, carrier, setter);
  }
}
