import { describe, expect, it } from 'vitest';
import { newId } from './new-id.ts';
import { traceparent } from './trace.ts';

describe('what a call says of the trace it belongs to', () => {
  it('is a traceparent, each time another', () => {
    const all = Array.from({ length: 50 }, () => traceparent());
    for (const one of all) expect(one).toMatch(/^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-00$/);
    expect(new Set(all).size).toBe(50);
  });

  it('is the same trace, and another step of it, for all calls of one action', () => {
    const action = newId();
    const [, trace, step] = traceparent(action).split('-');
    const [, again, next] = traceparent(action).split('-');
    expect([trace, again]).toEqual([action.replaceAll('-', ''), trace]);
    expect(next).not.toBe(step);
  });
});
