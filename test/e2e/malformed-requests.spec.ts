import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawGet } from '../support/raw-http.ts';
import { type Stack, startStack } from '../support/stack.ts';

const times = 60;
const long = 'x'.repeat(7_900);

describe('F24: what is no HTTP, or has no end', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  // A web server in front must not take a process for broken because of it: soon there would be none to ask.
  it.each<[what: string, target: string, headers: string[], status: number]>([
    ['an address with a byte that none has', '/api/admin/usérs', [], 400],
    ['a header with a control character', '/api/health', ['X-A: a\u0001b'], 400],
    ['headers longer than any', '/api/health', [`X-A: ${long}`, `X-B: ${long}`, `X-C: ${long}`], 431],
  ])('%s is answered each time, and hinders nobody', async (_, target, headers, status) => {
    const answers = await Promise.all(
      Array.from({ length: times }, () => rawGet(stack.url, target, headers)),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
    expect((await rawGet(stack.url, '/api/health')).status).toBe(200);
  });
});
