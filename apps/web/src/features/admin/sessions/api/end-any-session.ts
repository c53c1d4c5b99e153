import { command } from '../../../../lib/api.ts';

export function endAnySession(id: string): Promise<void> {
  return command(`/api/admin/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
