import { randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';

export function sendGraphError(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  const requestId = randomUUID();
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return reply.code(status).header('request-id', requestId).send({ error: { code, message, innerError } });
}
