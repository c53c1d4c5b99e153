import { type SimulatedRoles, simulatedRolesSchema, type SimulateRoles } from '#contracts';
import { request } from '../../../../lib/api.ts';

export function simulateRoles(standing: SimulateRoles): Promise<SimulatedRoles> {
  return request('/api/admin/role-mappings/simulate', simulatedRolesSchema, {
    method: 'POST',
    body: standing,
  });
}
