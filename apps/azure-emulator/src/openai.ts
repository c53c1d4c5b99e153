import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { identifyCaller } from './bearer.ts';
import { challengeHeader, claimsChallenge } from './claims-challenge.ts';
import type { Cloud, Routes } from './cloud.ts';
import { contextClaims } from './entra/token-answer.ts';
import { takeNext, type OpenAiFault } from './levers.ts';
import type { Person } from './people.ts';
import { estimateTokens, readChatRequest, type ChatRequest } from './openai/chat-request.ts';
import { newCompletion, shortened, wholeAnswer, type Completion } from './openai/completion.ts';
import { DEPLOYMENTS } from './openai/deployments.ts';
import { OPENAI_ERRORS, OpenAiError, refusalFor } from './openai/errors.ts';
import { eventsOf } from './openai/event-stream.ts';
import { replyTo } from './replies.ts';

interface ChatCall {
  Params: { deployment: string };
  Querystring: { 'api-version'?: string };
}

const AUDIENCE = 'https://cognitiveservices.azure.com';

/** Chat completions of an Azure OpenAI resource where only Entra tokens count. */
export const openai: Routes = (app, { cloud }) => {
  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof OpenAiError)) throw error;
    request.call.error = String(error.body.code);
    return error.send(reply);
  });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'apim-request-id': randomUUID(), 'x-ms-region': 'Emulator' });
  });

  app.post<ChatCall>('/openai/deployments/:deployment/chat/completions', async (request, reply) => {
    const { deployment } = request.params;
    request.call.deployment = deployment;
    requireApiVersion(request.query['api-version']);
    const { person, claims } = await requireCaller(cloud, request);
    const fault = takeFault(cloud, person, deployment);
    requireNoRefusal(cloud, person, claims, fault);
    if (!person.openAiRole) throw OPENAI_ERRORS.permissionDenied(person.id);
    if (!Object.hasOwn(DEPLOYMENTS, deployment)) throw OPENAI_ERRORS.deploymentNotFound();
    const asked = readChatRequest(request.body);
    const completion = complete(cloud, deployment, person, asked, fault);
    if (asked.isStreamed) return stream(cloud, request, reply, completion, asked, fault);
    return wholeAnswer(completion);
  });
};

function requireApiVersion(version: string | undefined): void {
  if (!version) throw OPENAI_ERRORS.resourceNotFound();
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)) throw OPENAI_ERRORS.versionUnsupported();
}

async function requireCaller(cloud: Cloud, { call, headers }: FastifyRequest) {
  if (headers['api-key']) throw OPENAI_ERRORS.keyDisabled();
  const caller = await identifyCaller(cloud, headers.authorization, AUDIENCE);
  if (!('person' in caller)) {
    throw caller.problem === 'missing' ? OPENAI_ERRORS.keyMissing() : OPENAI_ERRORS.unauthorized();
  }
  const { person, claims } = caller;
  Object.assign(call, {
    person: person.alias,
    personId: person.id,
    tokenId: claims.uti,
    audience: claims.aud,
  });
  return caller;
}

function takeFault({ directory, levers }: Cloud, person: Person, deployment: string): OpenAiFault | null {
  return takeNext(
    levers.faults.openai,
    (fault) => directory.isPerson(person, fault.person) && (fault.deployment ?? deployment) === deployment,
  );
}

function requireNoRefusal(cloud: Cloud, person: Person, token: JWTPayload, fault: OpenAiFault | null): void {
  const challenge =
    fault?.kind === 'insufficient-claims'
      ? challengeHeader(token, fault.claims ?? contextClaims('c1'))
      : claimsChallenge(cloud, 'openai', person, token);
  if (challenge) throw OPENAI_ERRORS.unauthorized({ 'www-authenticate': challenge });
  const refusal = fault && refusalFor(fault, person.id, cloud.levers.openai.contextTokens);
  if (refusal) throw refusal;
}

function complete(
  cloud: Cloud,
  deployment: string,
  person: Person,
  { messages, mostTokens }: ChatRequest,
  fault: OpenAiFault | null,
): Completion {
  const { contextTokens } = cloud.levers.openai;
  const promptTokens = estimateTokens(messages);
  if (promptTokens > contextTokens) throw OPENAI_ERRORS.contextTooLong(contextTokens, promptTokens);
  const text = replyTo({ messages, person, deployment });
  const completion = newCompletion(DEPLOYMENTS[deployment]!, promptTokens, text, mostTokens);
  if (fault?.kind === 'filter-completion') return shortened(completion, fault.after, 'content_filter', fault);
  return fault?.kind === 'length' ? shortened(completion, fault.after, 'length') : completion;
}

function stream(
  cloud: Cloud,
  { call }: FastifyRequest,
  reply: FastifyReply,
  completion: Completion,
  { includesUsage }: ChatRequest,
  fault: OpenAiFault | null,
): FastifyReply {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  call.deltas = 0;
  const events = eventsOf({
    completion,
    includesUsage,
    firstDeltaMs: cloud.levers.openai.firstDeltaMs,
    deltaMs: cloud.levers.openai.deltaMs,
    fault,
    signal: gone.signal,
    cut: () => reply.raw.destroy(),
    onDelta: () => call.deltas!++,
  });
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache')
    .send(Readable.from(events));
}
