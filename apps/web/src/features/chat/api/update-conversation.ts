import { type Conversation, type UpdateConversation, conversationSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export function updateConversation(id: string, body: UpdateConversation): Promise<Conversation> {
  return request(`/api/chat/conversations/${id}`, conversationSchema, { method: 'PATCH', body });
}
