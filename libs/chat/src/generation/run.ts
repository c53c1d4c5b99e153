import type { Usage } from '#contracts';
import { GrowingAnswer } from './answer.ts';
import type { GenerationJob } from './generation-job.ts';
import type { GenerationWatch } from './generation-metrics.ts';
import type { AbortReason, HowItEnded } from './outcome.ts';

/** One answer being written in this process. */
export class Run {
  readonly answer = new GrowingAnswer();
  end: HowItEnded['end'] = null;
  usage: Usage | null = null;
  promptLength = 0;
  done: Promise<void> = Promise.resolve();
  private readonly abortion = new AbortController();

  constructor(
    readonly job: GenerationJob,
    readonly watch: GenerationWatch,
  ) {}

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** The first reason counts. */
  get abortedBy(): AbortReason | null {
    return this.signal.aborted ? (this.signal.reason as AbortReason) : null;
  }

  abort(reason: AbortReason): void {
    this.abortion.abort(reason);
  }
}
