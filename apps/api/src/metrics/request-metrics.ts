import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Histogram, Registry } from 'prom-client';

/** By route, never by address: addresses have ids in them, and anybody can ask for any. */
const noRoute = 'none';
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

@Injectable()
export class RequestMetrics {
  private readonly duration: Histogram<'method' | 'route' | 'status'>;
  private readonly events: Histogram<'event' | 'outcome'>;

  constructor(registry: Registry) {
    this.duration = new Histogram({
      name: 'entrada_http_request_duration_seconds',
      help: 'Requests, from their arrival to the end of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers: [registry],
    });
    this.events = new Histogram({
      name: 'entrada_socket_event_duration_seconds',
      help: 'Events of live connections, from their arrival to their acknowledgement.',
      labelNames: ['event', 'outcome'],
      buckets,
      registers: [registry],
    });
  }

  /** `event` is one of ours: the caller has looked. */
  acknowledged(event: string, outcome: 'ok' | 'refused' | 'failed', seconds: number): void {
    this.events.observe({ event, outcome }, seconds);
  }

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const { method, routeOptions } = request;
      const begun = performance.now();
      // Also when the client goes away before the answer is complete.
      reply.raw.once('close', () => {
        const status = `${Math.floor(reply.raw.statusCode / 100)}xx`;
        const labels = { method, route: routeOptions.url ?? noRoute, status };
        this.duration.observe(labels, (performance.now() - begun) / 1000);
      });
      done();
    });
  }
}
