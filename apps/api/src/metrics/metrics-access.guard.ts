import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError, isSameSecret } from '#platform';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** METRICS_TOKEN where it is set; else only who is on this machine and did not come through a proxy. */
export class MetricsAccess implements CanActivate {
  constructor(private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers, socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const isAllowed = this.token
      ? isSameSecret(headers.authorization ?? '', `Bearer ${this.token}`)
      : loopback.test(socket.remoteAddress ?? '') && !headers['x-forwarded-for'] && !headers.forwarded;
    if (!isAllowed) throw new AppError('not_found');
    return true;
  }
}
