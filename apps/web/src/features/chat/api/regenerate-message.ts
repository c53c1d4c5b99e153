import { type Generation, regeneratedSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export async function regenerateMessage(messageId: string): Promise<Generation> {
  const path = `/api/chat/messages/${messageId}/regenerate`;
  return (await request(path, regeneratedSchema, { method: 'POST' })).generation;
}
