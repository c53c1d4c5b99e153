import type { ErrorCode } from '#contracts';
import { endsSession, needsConfirmation } from '../../lib/problem.ts';

/** What helps: the same again, confirming who one is, signing in, changing the message, or only somebody else. */
export type NextStep = 'retry' | 'confirm' | 'sign-in' | 'edit' | 'none';

const steps: Partial<Record<ErrorCode, NextStep>> = {
  validation_failed: 'edit',
  payload_too_large: 'edit',
  model_content_filtered: 'edit',
  model_context_too_long: 'edit',
  model_refused_request: 'edit',
  quota_exceeded: 'none',
  forbidden: 'none',
  no_role: 'none',
  not_found: 'none',
};

export function nextStep(code: ErrorCode): NextStep {
  if (needsConfirmation(code)) return 'confirm';
  if (endsSession(code)) return 'sign-in';
  return steps[code] ?? 'retry';
}

const filterNames: Readonly<Record<string, string>> = {
  hate: 'hate',
  sexual: 'sexual content',
  violence: 'violence',
  self_harm: 'self-harm',
  jailbreak: 'an attempt to bypass the rules of the model',
  protected_material_text: 'protected text',
  protected_material_code: 'protected code',
};

export function describeFilter({
  category,
  severity,
}: {
  category: string;
  severity: string | null;
}): string {
  const name = filterNames[category] ?? category.replaceAll('_', ' ');
  return severity === null ? `Reason: ${name}.` : `Reason: ${name} (severity: ${severity}).`;
}
