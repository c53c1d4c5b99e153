import type { FastifyReply } from 'fastify';
import type { OpenAiFault } from '../levers.ts';
import { filterResults, type Flagged } from './content-filter.ts';

/** A refusal in Azure OpenAI's words, thrown by any step and sent by the route. */
export class OpenAiError extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(status: number, body: Record<string, unknown>, headers: Record<string, string> = {}) {
    super(String(body.message));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  send(reply: FastifyReply): FastifyReply {
    return reply.code(this.status).headers(this.headers).send({ error: this.body });
  }
}

const error = (status: number, code: string, message: string, headers?: Record<string, string>) =>
  new OpenAiError(status, { code, message }, headers);

export const OPENAI_ERRORS = {
  resourceNotFound: () => error(404, '404', 'Resource not found'),
  versionUnsupported: () => error(400, 'BadRequest', 'API version not supported'),
  keyMissing: () =>
    error(
      401,
      '401',
      'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
    ),
  keyDisabled: () =>
    error(403, 'AuthenticationTypeDisabled', 'Key based authentication is disabled for this resource.'),
  unauthorized: (headers?: Record<string, string>) =>
    error(
      401,
      '401',
      'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
      headers,
    ),
  permissionDenied: (personId: string) =>
    error(
      403,
      'PermissionDenied',
      `The principal \`${personId}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action\` to perform \`POST /openai/deployments/{deployment-id}/chat/completions\` operation.`,
    ),
  deploymentNotFound: () =>
    error(
      404,
      'DeploymentNotFound',
      'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
    ),
  invalidRequest: (message: string, param: string) =>
    new OpenAiError(400, { message, type: 'invalid_request_error', param, code: null }),
  contextTooLong: (limit: number, tokens: number) =>
    new OpenAiError(400, {
      message: `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    }),
  promptFiltered: (flagged: Flagged) =>
    new OpenAiError(400, {
      message:
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
      type: null,
      param: 'prompt',
      code: 'content_filter',
      status: 400,
      innererror: {
        code: 'ResponsibleAIPolicyViolation',
        content_filter_result: { ...filterResults(flagged), jailbreak: { filtered: false, detected: false } },
      },
    }),
  tooManyRequests: ({ retryAfterMs, retryAfter }: { retryAfterMs?: number; retryAfter?: number }) =>
    error(
      429,
      '429',
      `Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after ${retryAfter ?? Math.ceil((retryAfterMs ?? 1000) / 1000)} seconds.`,
      {
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
        ...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs) }),
      },
    ),
  serverError: (status: number) =>
    error(
      status,
      'InternalServerError',
      'The server had an error while processing your request. Sorry about that!',
    ),
};

/** The refusal that a test asked for, or null for a fault that shows itself only in the answer. */
export function refusalFor(fault: OpenAiFault, personId: string, contextTokens: number): OpenAiError | null {
  switch (fault.kind) {
    case 'too-many-requests':
      return OPENAI_ERRORS.tooManyRequests(fault);
    case 'server-error':
      return OPENAI_ERRORS.serverError(fault.status);
    case 'unauthorized':
      return OPENAI_ERRORS.unauthorized();
    case 'permission-denied':
      return OPENAI_ERRORS.permissionDenied(personId);
    case 'not-found':
      return OPENAI_ERRORS.deploymentNotFound();
    case 'context-length':
      return OPENAI_ERRORS.contextTooLong(contextTokens, contextTokens + 1);
    case 'filter-prompt':
      return OPENAI_ERRORS.promptFiltered(fault);
    default:
      return null;
  }
}
