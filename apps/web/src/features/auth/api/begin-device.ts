import { type BeginDevice, type DeviceAttempt, deviceAttemptSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export function beginDevice(body: BeginDevice): Promise<DeviceAttempt> {
  return request('/api/auth/device', deviceAttemptSchema, { method: 'POST', body });
}
