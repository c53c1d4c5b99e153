/**
 * Every failure that a caller can be told of, once: its HTTP status and the words a person reads.
 * The words say what happened and what to do next; they never carry a cause, an id or a value.
 */
import { z } from 'zod';

interface ErrorEntry {
  status: number;
  title: string;
  detail: string;
}

const table = {
  validation_failed: {
    status: 400,
    title: 'Something in the request is not right',
    detail: 'Check the marked values and send it again.',
  },
  no_fields_to_update: {
    status: 400,
    title: 'Nothing to change',
    detail: 'No fields to update: name at least one field to change.',
  },
  not_authenticated: {
    status: 401,
    title: 'You are not signed in',
    detail: 'Sign in to continue.',
  },
  session_expired: {
    status: 401,
    title: 'Your session has expired',
    detail: 'You were signed out after a time without activity. Sign in to continue.',
  },
  session_revoked: {
    status: 401,
    title: 'Your session was ended',
    detail:
      'It was ended from another of your devices, or because you signed in too often. Sign in to continue.',
  },
  session_ended_by_administrator: {
    status: 401,
    title: 'An administrator ended your session',
    detail: 'Sign in to continue. Ask your administrator if you did not expect this.',
  },
  device_changed: {
    status: 401,
    title: 'This session belongs to another browser',
    detail:
      'It was used from a different browser or system than the one that signed in, so it was ended. Sign in again.',
  },
  account_disabled: {
    status: 401,
    title: 'This account is disabled',
    detail: 'Your account cannot be used here. Ask your administrator if you think this is wrong.',
  },
  identity_mismatch: {
    status: 401,
    title: 'You were signed out to be safe',
    detail: 'Microsoft Entra answered for another account when your access was renewed. Sign in again.',
  },
  reauthentication_required: {
    status: 401,
    title: "Confirm it's you",
    detail:
      'Microsoft Entra needs you to sign in again before Azure accepts your requests. Nothing you wrote is lost.',
  },
  csrf_failed: {
    status: 403,
    title: 'The request could not be trusted',
    detail: 'Reload the page and try again.',
  },
  forbidden: {
    status: 403,
    title: 'You may not do this',
    detail: 'Your role does not allow this. Ask your administrator if you need it.',
  },
  step_up_required: {
    status: 403,
    title: "Confirm it's you",
    detail:
      'This needs a sign-in from the last 15 minutes. Sign in once more, and you come back to where you are.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'It does not exist, or it is not yours.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Not possible here',
    detail: 'This address does not support that method.',
  },
  conflict: {
    status: 409,
    title: 'Someone was faster',
    detail: 'This was changed in the meantime. Reload and try again.',
  },
  last_admin: {
    status: 409,
    title: 'This is the last administrator',
    detail: 'Somebody has to administer. Make another active person an administrator first.',
  },
  generation_running: {
    status: 409,
    title: 'An answer is still being written',
    detail: 'Wait until the answer is finished, or stop it, before you send the next message.',
  },
  payload_too_large: {
    status: 413,
    title: 'That is too long',
    detail: 'Shorten it and send it again.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'This format is not understood',
    detail: 'Send the request as application/json.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait a moment and try again.',
  },
  quota_exceeded: {
    status: 429,
    title: "Today's allowance is used up",
    detail: 'The daily limit of your role is reached. It starts anew at midnight UTC.',
  },
  too_many_answers: {
    status: 429,
    title: 'Many answers are being written for you',
    detail: 'Wait until one of them is finished, or stop one, before you send the next message.',
  },
  too_many_connections: {
    status: 429,
    title: 'This is open in too many places',
    detail: 'Close some of your tabs, or programs that are connected in your name, and try again.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'Try again. If it happens again, give the request id to your administrator.',
  },
  service_unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'A part of the service is not reachable at the moment. Try again shortly.',
  },

  sign_in_unavailable: {
    status: 503,
    title: 'Sign-in is not available',
    detail:
      'Microsoft Entra cannot be reached or refuses this application. Try again shortly; if it lasts, tell your administrator.',
  },
  sign_in_failed: {
    status: 400,
    title: 'Sign-in did not work',
    detail: 'The answer from Microsoft Entra could not be accepted. Start again.',
  },
  sign_in_expired: {
    status: 400,
    title: 'This sign-in took too long',
    detail: 'It is no longer valid, or it was already used. Start again.',
  },
  sign_in_interrupted: {
    status: 503,
    title: 'Sign-in was interrupted',
    detail: 'The server was restarted while it waited for you, so this code is no longer good. Start again.',
  },
  sign_in_pending: {
    status: 409,
    title: 'Not approved yet',
    detail: 'Enter the code on the sign-in page and approve it there first.',
  },
  sign_in_cancelled: {
    status: 400,
    title: 'Sign-in was cancelled',
    detail: 'Nothing has changed. Sign in when you are ready.',
  },
  sign_in_declined: {
    status: 403,
    title: 'Microsoft Entra did not allow this sign-in',
    detail:
      'A rule of your organisation blocks it, or another step is needed. Try again, or ask your administrator.',
  },
  no_role: {
    status: 403,
    title: 'You have no access yet',
    detail:
      'You are signed in at Microsoft, but no role here is assigned to you. Ask your administrator to add you to a group.',
  },

  model_credential_rejected: {
    status: 401,
    title: 'Azure OpenAI did not accept your sign-in',
    detail: 'Sign in again, then send the message once more.',
  },
  model_role_missing: {
    status: 403,
    title: 'You may not use this Azure OpenAI resource',
    detail:
      'You lack the role "Cognitive Services OpenAI User" on this resource. Ask your administrator to assign it; it takes a few minutes to work.',
  },
  model_deployment_missing: {
    status: 404,
    title: 'This model is not there',
    detail:
      'The deployment does not exist on the Azure OpenAI resource. Choose another model, or tell your administrator.',
  },
  model_rate_limited: {
    status: 429,
    title: 'Azure OpenAI is busy',
    detail: 'The limit of this deployment is reached. Try again after the wait.',
  },
  model_content_filtered: {
    status: 422,
    title: 'The content filter stopped this',
    detail: 'Azure OpenAI does not answer this. Reword the message and send it again.',
  },
  model_context_too_long: {
    status: 422,
    title: 'The conversation is too long for this model',
    detail: 'Shorten the message, start a new conversation, or choose a model with a larger context.',
  },
  model_timeout: {
    status: 504,
    title: 'Azure OpenAI took too long',
    detail: 'No answer came in time. Try again.',
  },
  model_unavailable: {
    status: 502,
    title: 'Azure OpenAI is not reachable',
    detail: 'The service failed or cut the answer off. What arrived is kept. Try again.',
  },
  model_refused_request: {
    status: 422,
    title: 'Azure OpenAI refused this request',
    detail: 'The model cannot handle it in this form. Change the message, or choose another model.',
  },
  generation_interrupted: {
    status: 503,
    title: 'The answer was interrupted',
    detail: 'The server stopped while the answer was being written. What arrived is kept. Try again.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof table;

export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = table;
export const errorCodes = Object.keys(table) as [ErrorCode, ...ErrorCode[]];
export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(table, value);

/** What some codes add: the wait in seconds, which content filter fired, what Entra asks for, which values were refused. */
export const problemExtrasSchema = z.object({
  retryAfterSeconds: z.number().int().nonnegative().optional(),
  filter: z.object({ category: z.string(), severity: z.string().nullable() }).optional(),
  /** A claims challenge, as JSON: for callers that bring their own token, who ask Entra for another with it. */
  claims: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemExtras = z.infer<typeof problemExtrasSchema>;

/** RFC 9457 problem, with the code that programs decide on and the id that support asks for. */
export const problemSchema = problemExtrasSchema.extend({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(errorCodes),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;
