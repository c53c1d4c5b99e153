import { type Conversation, type CreateConversation, conversationSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export function createConversation(body: CreateConversation, action: string): Promise<Conversation> {
  return request('/api/chat/conversations', conversationSchema, { method: 'POST', body, action });
}
