import { setTimeout as wait } from 'node:timers/promises';
import { AzureOpenAI } from 'openai';
import { AppError, type Fetch, outboundFetch, toAppError } from '#platform';
import type { RejectedToken } from '../access-token-source.ts';
import type { ChatConfig } from '../config/chat-config.ts';
import { AzureAnswer } from './azure-answer.ts';
import { ChatModel, type ModelEvent, type ModelRequest } from './chat-model.ts';
import { modelFailure } from './model-failure.ts';
import { type ModelLimits, modelLimits } from './model-limits.ts';
import { nextTryAfterMs, type TriesSoFar } from './retry-policy.ts';
import { untilAborted } from './until-aborted.ts';
import { Watchdog } from './watchdog.ts';

/**
 * Azure OpenAI, with the token of the person who asks. Retries are ours and not the client's: only before the first
 * text, within a budget, and once with another token after a 401 (security.md F12, F13).
 */
export class AzureChatModel extends ChatModel {
  private readonly fetch: Fetch;

  constructor(
    private readonly config: Pick<ChatConfig, 'endpoint' | 'apiVersion'>,
    private readonly limits: ModelLimits = modelLimits,
    /** Looks on at what Azure answers. */
    watched: (fetch: Fetch) => Fetch = (fetch) => fetch,
  ) {
    super();
    this.fetch = watched(outboundFetch({ origins: [config.endpoint], timeoutMs: null }));
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const whole = new Watchdog(request.signal);
    whole.expectWithin(this.limits.wholeMs);
    try {
      yield* this.tries({ ...request, signal: whole.signal });
    } catch (thrown) {
      throw whole.hasFired ? new AppError('model_timeout', {}, { cause: thrown }) : thrown;
    } finally {
      whole.dismiss();
    }
  }

  private async *tries(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const tries: TriesSoFar = { retries: 0, waitedMs: 0, credentialRenewed: false, textShown: false };
    let rejected: RejectedToken | undefined;
    for (;;) {
      const token = await tokenFor(request, rejected);
      try {
        for await (const event of this.attempt(request, token)) {
          tries.textShown ||= event.kind === 'text';
          yield event;
        }
        return;
      } catch (thrown) {
        request.signal.throwIfAborted();
        const failure = modelFailure(thrown, Date.now());
        // The source of tokens keeps them until the person confirms, and throws what tells them to.
        if (failure.claims) await tokenFor(request, { accessToken: token, claims: failure.claims });
        const pauseMs = nextTryAfterMs(failure, tries, this.limits, Math.random());
        if (pauseMs === null) throw failure.error;
        if (failure.retry === 'credential') {
          rejected = { accessToken: token, claims: null };
          tries.credentialRenewed = true;
        } else {
          tries.retries += 1;
          tries.waitedMs += pauseMs;
          if (pauseMs >= this.limits.toldWaitMs)
            yield { kind: 'wait', code: failure.error.code, ms: pauseMs };
          await wait(pauseMs, undefined, { signal: request.signal });
        }
      }
    }
  }

  private async *attempt(request: ModelRequest, token: string): AsyncGenerator<ModelEvent> {
    const watchdog = new Watchdog(request.signal);
    const answer = new AzureAnswer();
    try {
      watchdog.expectWithin(this.limits.firstEventMs);
      const chunks = untilAborted(this.chunks(request, token, watchdog.signal), watchdog.signal);
      for await (const chunk of chunks) {
        // Our own reader may take its time; only Azure's silence counts.
        watchdog.rest();
        yield* answer.read(chunk);
        watchdog.expectWithin(answer.isFinished ? this.limits.trailerMs : this.limits.stallMs);
      }
      // The client ends an aborted stream as if it were complete.
      watchdog.signal.throwIfAborted();
    } catch (thrown) {
      if (watchdog.hasFired && !answer.isFinished) throw new AppError('model_timeout', {}, { cause: thrown });
      // What breaks after the finish reason takes nothing from the answer.
      if (!answer.isFinished || request.signal.aborted) throw thrown;
    } finally {
      watchdog.dismiss();
    }
    yield answer.end();
  }

  private async *chunks(request: ModelRequest, token: string, signal: AbortSignal) {
    yield* await this.client(token).chat.completions.create(
      {
        model: request.deployment,
        messages: [...request.messages],
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    );
  }

  /** Everything is given, for what is not given the client takes from environment variables of its own. */
  private client(token: string): AzureOpenAI {
    return new AzureOpenAI({
      baseURL: `${this.config.endpoint}/openai`,
      apiVersion: this.config.apiVersion,
      azureADTokenProvider: async () => token,
      apiKey: '',
      adminAPIKey: null,
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: this.limits.wholeMs,
      // It would print pieces of the stream, and those are content.
      logLevel: 'off',
      fetch: this.fetch,
    });
  }
}

/** A source of tokens that hangs must not keep Stop waiting. */
function tokenFor(
  { accessToken, signal }: ModelRequest,
  rejected: RejectedToken | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    accessToken(rejected)
      .then(resolve, (error: unknown) => reject(toAppError(error)))
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
