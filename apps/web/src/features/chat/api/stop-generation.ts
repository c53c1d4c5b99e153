import { command } from '../../../lib/api.ts';
import { type ChatSocket, NoAcknowledgement, ask } from '../../../lib/socket.ts';

export async function stopGeneration(socket: ChatSocket | null, generationId: string): Promise<void> {
  try {
    await ask(socket, 'generation:stop', { generationId }, { timeoutMs: 2_000 });
  } catch (error) {
    if (!(error instanceof NoAcknowledgement)) throw error;
    await command(`/api/chat/generations/${generationId}/stop`, { method: 'POST' });
  }
}
