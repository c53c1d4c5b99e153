/** Faults that only the inside of a process can have, asked for by a module that the tests load into it. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const inside = { NODE_OPTIONS: `--import=${resolve('test/support/fault-inside.mjs')}` };

describe('F26: a mistake of ours in one request', () => {
  let stack: Stack;
  let uma: Visitor;
  beforeAll(async () => {
    stack = await startStack({ ...inside, SHUTDOWN_GRACE_SECS: '10' }, { isDirect: true });
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
  });
  afterAll(() => stack.stop());

  async function cause(fault: string): Promise<void> {
    const told = once(stack.api.process, 'message');
    stack.api.process.send({ fault });
    await told;
  }
  const logged = (words: string) => stack.api.lines.filter((line) => line.includes(words));
  const alive = async () => [
    stack.api.process.exitCode,
    (await uma.get('/api/chat/conversations')).status,
    (await uma.get('/api/health/ready')).status,
  ];

  it('answers that request with a 500 that says nothing of it, and the next one as always', async () => {
    await cause('broken-query');
    const { status, body } = await uma.get<Problem>('/api/chat/conversations');
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toMatch(/canary|TypeError|\.ts/);
    await expect.poll(() => logged('canary-detail').join()).toContain('"level":"error"');
    expect(await alive()).toEqual([null, 200, 200]);
  });

  it.each(['rejected-promise', 'rejected-nothing'])('a %s ends nothing, and is in the log', async (fault) => {
    const before = logged('nobody listened').length;
    await cause(fault);
    await expect.poll(() => logged('nobody listened').length).toBe(before + 1);
    expect(await alive()).toEqual([null, 200, 200]);
  });

  it('an exception that nobody catches ends the process, but first the answers that it writes', async () => {
    // Longer than both faults take.
    await stack.azure.set({ openai: { deltaMs: 100 } });
    const tab = await Tab.open(uma);
    const conversationId = await newConversation(uma);
    const sent = await tab.send(conversationId, 'count to 40');
    if (!sent.ok) throw new Error(sent.error.detail);
    await expect.poll(() => tab.of('generation:delta', sent.generation.id).length).toBeGreaterThan(3);
    const { process: failing } = stack.api;
    const ended = once(failing, 'exit');
    await cause('broken-timer');
    // Again meanwhile: a timer comes back. The drain goes on.
    await cause('broken-timer');
    expect(await tab.finished(sent.generation.id)).toMatchObject({ status: 'done' });
    expect(await ended).toEqual([1, null]);
    await expect.poll(() => logged('was not caught').length).toBeGreaterThan(1);

    // The next one need not wait for anything to lapse.
    expect(await stack.database.rows(`SELECT name FROM leases WHERE name = 'processes'`)).toEqual([]);
    await stack.restartApi();
    expect(await messagesOf(uma, conversationId)).toMatchObject([{}, { status: 'done' }]);
    expect(await alive()).toEqual([null, 200, 200]);
  });
});
