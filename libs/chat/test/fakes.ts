import { AccessTokenSource, type RejectedToken } from '../src/access-token-source.ts';
import { ChatModel, type ModelEvent, type ModelRequest } from '../src/model/chat-model.ts';
import { until } from '../../../test/support/until.ts';

export const usage = (inputTokens: number, outputTokens: number): ModelEvent => ({
  kind: 'usage',
  usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
});
export const texts = (...pieces: string[]): ModelEvent[] => pieces.map((text) => ({ kind: 'text', text }));
export const end = (reason: 'complete' | 'length' = 'complete'): ModelEvent => ({ kind: 'end', reason });

/** One call to the model, told step by step what to say. */
export class FakeCall {
  token = '';
  wasAborted = false;
  private readonly steps: (ModelEvent | Error)[] = [];
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(readonly request: ModelRequest) {
    request.signal.addEventListener('abort', () => {
      this.wasAborted = true;
      this.wake();
    });
  }

  say(...steps: (ModelEvent | Error | string)[]): this {
    this.steps.push(
      ...steps.map((step) => (typeof step === 'string' ? { kind: 'text' as const, text: step } : step)),
    );
    this.wake();
    return this;
  }

  finish(...steps: (ModelEvent | Error | string)[]): void {
    this.isOver = true;
    this.say(...steps);
  }

  async *events(): AsyncGenerator<ModelEvent> {
    this.token = await this.request.accessToken();
    for (;;) {
      this.request.signal.throwIfAborted();
      const step = this.steps.shift();
      if (step instanceof Error) throw step;
      if (step) yield step;
      else if (this.isOver) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** Answers at once with `script`, or, without one, waits for the test to take the call with `nextCall`. */
export class FakeModel extends ChatModel {
  readonly calls: FakeCall[] = [];
  script: (ModelEvent | Error | string)[] | null = null;
  private taken = 0;

  stream(request: ModelRequest): AsyncIterable<ModelEvent> {
    const call = new FakeCall(request);
    this.calls.push(call);
    if (this.script) {
      call.finish(...this.script);
      this.taken = this.calls.length;
    }
    return call.events();
  }

  async nextCall(): Promise<FakeCall> {
    await until(() => this.calls.length > this.taken);
    return this.calls[this.taken++]!;
  }
}

export class FakeTokens extends AccessTokenSource {
  readonly asked: { userId: string; rejected: RejectedToken | undefined }[] = [];

  async accessToken({ userId }: { userId: string }, rejected?: RejectedToken): Promise<string> {
    this.asked.push({ userId, rejected });
    return `token of ${userId}`;
  }
}
