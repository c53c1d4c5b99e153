import { describe, expect, it } from 'vitest';
import { AppError } from '#platform';
import { orphanOutcome, outcomeOf } from './outcome.ts';

const limited = new AppError('model_rate_limited', { retryAfterSeconds: 7, issues: [] });

describe('outcomeOf', () => {
  it.each([
    ['the model finished', { end: 'complete', abortedBy: null, failure: null }, 'done', undefined],
    [
      'F14: its limit of length was reached',
      { end: 'length', abortedBy: null, failure: null },
      'done',
      undefined,
    ],
    ['the stop came after the end', { end: 'complete', abortedBy: 'stop', failure: null }, 'done', undefined],
    ['it was stopped', { end: null, abortedBy: 'stop', failure: limited }, 'stopped', undefined],
    [
      'F17: the process ends',
      { end: null, abortedBy: 'shutdown', failure: null },
      'interrupted',
      'generation_interrupted',
    ],
    ['something failed', { end: null, abortedBy: null, failure: limited }, 'failed', 'model_rate_limited'],
    ['F15: it just ended', { end: null, abortedBy: null, failure: null }, 'failed', 'model_unavailable'],
  ] as const)('when %s', (_, how, status, code) => {
    const outcome = outcomeOf(how)!;
    expect([outcome.status, outcome.error?.code]).toEqual([status, code]);
    expect(outcome.truncated).toBe(how.end === 'length');
  });

  it('is nothing when the generation is no longer ours', () => {
    expect(outcomeOf({ end: 'complete', abortedBy: 'lost', failure: null })).toBeNull();
  });

  it('tells the person the words of the code and the wait, and no issues of a request', () => {
    expect(outcomeOf({ end: null, abortedBy: null, failure: limited })!.error).toEqual({
      code: 'model_rate_limited',
      title: 'Azure OpenAI is busy',
      detail: 'The limit of this deployment is reached. Try again after the wait.',
      retryAfterSeconds: 7,
    });
  });
});

describe('orphanOutcome', () => {
  it('F16: is interrupted, or stopped when that had been asked for', () => {
    expect(orphanOutcome({ stopRequestedAt: null })).toMatchObject({
      status: 'interrupted',
      error: { code: 'generation_interrupted' },
    });
    expect(orphanOutcome({ stopRequestedAt: new Date() })).toMatchObject({ status: 'stopped', error: null });
  });
});
