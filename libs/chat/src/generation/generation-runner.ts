import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorCode, Usage } from '#contracts';
import { type AppError, EventBus, inSpan, markFailed, type Span, toAppError } from '#platform';
import { AccessTokenSource, type RejectedToken } from '../access-token-source.ts';
import { conversationDeleted } from '../conversations/conversations.ts';
import { Messages } from '../messages/messages.ts';
import { ChatModel, type PromptMessage } from '../model/chat-model.ts';
import { generationTold, type StreamEvent } from '../streaming/stream-event.ts';
import { StreamLog } from '../streaming/stream-log.ts';
import { type Ending, Finishing } from './finishing.ts';
import type { GenerationJob } from './generation-job.ts';
import { GenerationMetrics } from './generation-metrics.ts';
import { GenerationRows } from './generation-rows.ts';
import { type AbortReason, type Outcome, outcomeOf } from './outcome.ts';
import { ProgressWriter } from './progress-writer.ts';
import { buildPrompt, lengthOf, promptBudget } from './prompt.ts';
import { Run } from './run.ts';
import { isWithin, stopRequested } from './stop-scope.ts';
import { timing } from './timing.ts';

/**
 * Writes answers. The process owns them, sockets only watch: a generation ends when the model has finished, a person
 * stops it, or something fails, never because nobody is looking. No connection to the database is held meanwhile.
 */
@Injectable()
export class GenerationRunner implements OnModuleDestroy, BeforeApplicationShutdown {
  /** Names this process in the leases of its generations. */
  readonly id = randomUUID();
  private readonly runs = new Map<string, Run>();
  private readonly unsubscribe: (() => void)[];
  private readonly logger = new Logger(GenerationRunner.name);
  private isClosing = false;

  constructor(
    private readonly rows: GenerationRows,
    private readonly messages: Messages,
    private readonly finishing: Finishing,
    private readonly model: ChatModel,
    private readonly tokens: AccessTokenSource,
    private readonly log: StreamLog,
    private readonly bus: EventBus,
    private readonly metrics: GenerationMetrics,
  ) {
    this.unsubscribe = [
      bus.subscribe(stopRequested, (scope) => this.abortAll('stop', ({ job }) => isWithin(job, scope))),
      bus.subscribe(conversationDeleted, ({ conversationId }) =>
        this.abortAll('lost', ({ job }) => job.conversationId === conversationId),
      ),
    ];
  }

  /** The generations that this process works on, those that are being stored included. */
  get running(): string[] {
    return [...this.runs.keys()];
  }

  start(job: GenerationJob): void {
    const run = new Run(job, this.metrics.begin(job.model));
    this.runs.set(job.id, run);
    if (this.isClosing) run.abort('shutdown');
    const about = { 'entrada.generation.id': job.id, 'gen_ai.request.model': job.model };
    run.done = inSpan('generation', about, (span) => this.run(run, span))
      .catch((error: unknown) => this.logger.error({ msg: 'an answer could not be stored', err: error }))
      .finally(() => {
        this.runs.delete(job.id);
        run.watch.over();
      });
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    this.abortAll('shutdown', () => true);
  }

  /** Clients are still connected here, so they are told. */
  async beforeApplicationShutdown(): Promise<void> {
    const all = [...this.runs.values()].map(({ done }) => done);
    await Promise.race([Promise.all(all), wait(timing.shutdownMs, undefined, { ref: false })]);
    if (all.length > 0) await wait(timing.farewellMs);
    this.unsubscribe.forEach((stop) => stop());
  }

  private abortAll(reason: AbortReason, matches: (run: Run) => boolean): void {
    for (const run of this.runs.values()) if (matches(run)) run.abort(reason);
  }

  private async run(run: Run, span: Span): Promise<void> {
    const progress = new ProgressWriter(() => this.save(run));
    let failure: AppError | null = null;
    try {
      await this.write(run, progress);
    } catch (error) {
      failure = toAppError(error);
      if (!run.abortedBy) this.explain(run, failure);
    } finally {
      await progress.close();
    }
    const outcome = outcomeOf({ end: run.end, abortedBy: run.abortedBy, failure });
    const { usage, promptLength } = run;
    run.watch.end(outcome, usage);
    describeEnd(span, outcome, usage);
    if (!outcome) return this.log.release(run.job.id);
    await this.finish(run, { ...outcome, answer: run.answer.snapshot(), usage, promptLength });
  }

  private async write(run: Run, progress: ProgressWriter): Promise<void> {
    const { job, signal, answer } = run;
    const request = {
      deployment: job.model,
      accessToken: this.tokenFor(job),
      messages: await this.prompt(run),
      signal,
    };
    for await (const event of this.model.stream(request)) {
      signal.throwIfAborted();
      if (event.kind === 'usage') run.usage = event.usage;
      else if (event.kind === 'end') run.end = event.reason;
      else if (event.kind === 'wait') this.tellWait(run, event);
      else {
        run.watch.text();
        const data = { generationId: job.id, seq: answer.append(event.text), text: event.text };
        const delta: StreamEvent = { name: 'generation:delta', data };
        await this.log.append(job.id, delta);
        this.bus.publish(generationTold, { userId: job.userId, event: delta });
        progress.changed();
      }
    }
  }

  /** Looked up at once, while the prompt is read, for the first who asks. */
  private tokenFor(job: GenerationJob): (rejected?: RejectedToken) => Promise<string> {
    let early: Promise<string> | null = this.tokens.accessToken(job);
    // Whoever asks hears of it; nobody does where the prompt cannot be read.
    early.catch(() => undefined);
    return (rejected) => {
      const token = early && !rejected ? early : this.tokens.accessToken(job, rejected);
      early = null;
      return token;
    };
  }

  private tellWait({ job: { id, userId } }: Run, { code, ms }: { code: ErrorCode; ms: number }): void {
    const data = { generationId: id, code, retryAfterSeconds: Math.ceil(ms / 1000) };
    this.bus.publish(generationTold, { userId, event: { name: 'generation:waiting', data } });
  }

  private async prompt(run: Run): Promise<PromptMessage[]> {
    const { conversationId, questionId } = run.job;
    const prompt = buildPrompt(await this.messages.path(conversationId, questionId, promptBudget));
    run.promptLength = lengthOf(prompt);
    return prompt;
  }

  /** A failure is not the end: the next write carries the whole text again. */
  private async save(run: Run): Promise<void> {
    try {
      const state = await this.rows.saveProgress(run.job.id, this.id, run.answer.snapshot());
      if (state === 'lost') run.abort('lost');
      if (state === 'stop-requested') run.abort('stop');
    } catch (error) {
      this.logger.warn({ msg: 'the text so far could not be saved', generationId: run.job.id, err: error });
    }
  }

  /** Stored as soon as the database is there again; meanwhile the text is in this process and in the stream log. */
  private async finish(run: Run, ending: Ending): Promise<void> {
    for (const pauseMs of timing.finishRetriesMs) {
      try {
        await this.finishing.finish(run.job, ending, { runnerId: this.id });
        return;
      } catch (error) {
        this.logger.warn({ msg: 'an answer is not stored yet', generationId: run.job.id, err: error });
        await wait(pauseMs);
      }
    }
    await this.finishing.finish(run.job, ending, { runnerId: this.id });
  }

  private explain({ job }: Run, { code, cause }: AppError): void {
    const line = { msg: 'an answer failed', generationId: job.id, code, err: cause };
    if (code === 'internal') this.logger.error(line);
    else this.logger.warn(line);
  }
}

function describeEnd(span: Span, outcome: Outcome | null, usage: Usage | null): void {
  span.setAttribute('entrada.generation.outcome', outcome?.status ?? 'lost');
  if (usage)
    span.setAttributes({
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
    });
  if (outcome?.error) markFailed(span, outcome.error.code);
}
