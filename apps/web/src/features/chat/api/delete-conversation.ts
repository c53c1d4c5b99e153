import { command } from '../../../lib/api.ts';

export function deleteConversation(id: string): Promise<void> {
  return command(`/api/chat/conversations/${id}`, { method: 'DELETE' });
}
