import { command } from '../../../lib/api.ts';

export function cancelDevice(attemptId: string): Promise<void> {
  return command(`/api/auth/device/${attemptId}`, { method: 'DELETE' });
}
