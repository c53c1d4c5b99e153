import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** A refusal in Graph's words, thrown by any step and sent by the routes. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  send(reply: FastifyReply): FastifyReply {
    const { code, message } = this;
    const requestId = randomUUID();
    const date = new Date().toISOString().slice(0, 19);
    const innerError = { date, 'request-id': requestId, 'client-request-id': requestId };
    return reply
      .code(this.status)
      .headers({ 'request-id': requestId, ...this.headers })
      .send({ error: { code, message, innerError } });
  }
}

export function badRequest(message: string): GraphError {
  return new GraphError(400, 'Request_BadRequest', message);
}
