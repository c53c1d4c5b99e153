import { type ArgumentsHost, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from '#contracts';
import { type AppError, RefusalLog } from '#platform';
import type { AuditRecord } from '../audit-log.ts';
import { Refusals } from './refusals.ts';

/** Somebody tried what they may not, or more often than they may. Not being signed in is no attempt. */
const refusalCodes: ReadonlySet<ErrorCode> = new Set([
  'forbidden',
  'csrf_failed',
  'rate_limited',
  'step_up_required',
  'last_admin',
]);

/** Every refusal passes here, whichever guard or service decided it, over HTTP and over sockets. */
@Injectable()
export class AuditedRefusals extends RefusalLog {
  constructor(private readonly refusals: Refusals) {
    super();
  }

  override async hear({ code }: AppError, host: ArgumentsHost): Promise<void> {
    if (!refusalCodes.has(code)) return;
    const { call, resource } = describeCall(host);
    await this.refusals.note(code, call, resource);
  }

  override async hearOf(code: ErrorCode, what: string): Promise<void> {
    if (refusalCodes.has(code)) await this.refusals.note(code, what);
  }
}

function describeCall(host: ArgumentsHost): { call: string; resource?: AuditRecord['resource'] } {
  if (host.getType() === 'ws') return { call: `event ${host.switchToWs().getPattern()}` };
  const { method, routeOptions, params } = host.switchToHttp().getRequest<FastifyRequest>();
  const call = `${method} ${routeOptions.url ?? ''}`;
  const { id } = (params ?? {}) as { id?: string };
  const isAboutPerson = id !== undefined && routeOptions.url?.startsWith('/api/admin/users/:id');
  return isAboutPerson ? { call, resource: { type: 'user', id } } : { call };
}
