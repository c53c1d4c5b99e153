import { command } from '../../../lib/api.ts';

export function endSession(id: string): Promise<void> {
  return command(`/api/auth/sessions/${id}`, { method: 'DELETE' });
}
