import { type SendMessage, type SentMessage, sentMessageSchema } from '#contracts';
import { request } from '../../../lib/api.ts';
import { ApiProblem, problemOf } from '../../../lib/problem.ts';
import { type ChatSocket, NoAcknowledgement, ask } from '../../../lib/socket.ts';

/**
 * Over the socket, and over HTTP when the socket gives no answer. The message's own id makes that safe: the server
 * sends it once, whichever way it came, and answers both the same.
 */
export async function sendMessage(
  socket: ChatSocket | null,
  conversationId: string,
  message: SendMessage,
): Promise<SentMessage> {
  const action = message.clientMessageId;
  try {
    const answer = sentMessageSchema.safeParse(
      await ask(socket, 'message:send', { conversationId, ...message }, { action }),
    );
    if (!answer.success) throw new ApiProblem(problemOf('internal'), { cause: answer.error });
    return answer.data;
  } catch (error) {
    if (!(error instanceof NoAcknowledgement)) throw error;
    const path = `/api/chat/conversations/${conversationId}/messages`;
    return request(path, sentMessageSchema, { method: 'POST', body: message, action });
  }
}
