import { expect, it } from 'vitest';
import { describeFilter, nextStep } from './next-step.ts';

it.each([
  ['model_rate_limited', 'retry'],
  ['generation_interrupted', 'retry'],
  ['model_role_missing', 'retry'],
  ['model_credential_rejected', 'confirm'],
  ['reauthentication_required', 'confirm'],
  ['session_expired', 'sign-in'],
  ['quota_exceeded', 'none'],
  ['model_content_filtered', 'edit'],
  ['model_context_too_long', 'edit'],
  ['forbidden', 'none'],
] as const)('after %s: %s', (code, step) => {
  expect(nextStep(code)).toBe(step);
});

it('names the content filter in words', () => {
  expect(describeFilter({ category: 'self_harm', severity: 'medium' })).toBe(
    'Reason: self-harm (severity: medium).',
  );
  expect(describeFilter({ category: 'some_new_one', severity: null })).toBe('Reason: some new one.');
});
