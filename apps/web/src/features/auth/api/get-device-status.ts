import { type DeviceStatus, deviceStatusSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export function getDeviceStatus(attemptId: string, signal: AbortSignal): Promise<DeviceStatus> {
  return request(`/api/auth/device/${attemptId}`, deviceStatusSchema, { signal });
}
