import { describe, expect, it } from 'vitest';
import type { Generations } from '../generation/generations.ts';
import { ChatGateway } from './chat.gateway.ts';

describe('the gateway before this process listens', () => {
  it('has nobody to tell what other processes announce, and still stops answers of sessions that end', async () => {
    const stopped: unknown[] = [];
    const generations = { stopAll: async (scope: unknown) => void stopped.push(scope) } as Generations;
    const gateway = new ChatGateway(null as never, generations, null as never);
    gateway.tell('uma', 'conversation:deleted', { conversationId: 'one' });
    gateway.moveAll();
    expect(gateway.openSessions).toEqual([]);
    await gateway.endSession('session', 'session_revoked');
    expect(stopped).toEqual([{ sessionId: 'session' }]);
  });
});
