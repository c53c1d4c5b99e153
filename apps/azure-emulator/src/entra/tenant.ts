import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOurTenant } from '../directory.ts';
import { refuse } from './errors.ts';

export async function ownTenant(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const { tenant } = request.params as { tenant: string };
  if (!isOurTenant(tenant) && !['common', 'organizations'].includes(tenant))
    throw refuse('tenantUnknown', tenant);
}
