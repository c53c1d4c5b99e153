import { expect, it } from 'vitest';
import { TimedClient } from './timed-client.ts';

it('F1: a connection that breaks when nobody uses it any more ends no process', () => {
  const client = new TimedClient();
  expect(() => client.emit('error', new Error('read ECONNRESET'))).not.toThrow();
});
