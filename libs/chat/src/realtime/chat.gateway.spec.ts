import { expect, it } from 'vitest';
import type { Generations } from '../generation/generations.ts';
import { ChatGateway } from './chat.gateway.ts';

it('takes what the bus says before its sockets are there: no tab here has missed it', async () => {
  const stopped: unknown[] = [];
  const generations = { stopAll: (scope: unknown) => Promise.resolve(stopped.push(scope)) };
  const gateway = new ChatGateway({} as never, generations as unknown as Generations, {} as never);
  gateway.tell('a person', 'conversation:deleted', { conversationId: 'one' });
  gateway.moveAll();
  expect(gateway.openSessions).toEqual([]);
  await gateway.endSession('a session', 'session_revoked');
  expect(stopped).toEqual([{ sessionId: 'a session' }]);
});
