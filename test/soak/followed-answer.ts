/** One answer as one tab hears it. */
import type { GenerationDelta, GenerationFinished, ResumedGeneration } from '#contracts';
import type { Watch } from './journal.ts';

export class FollowedAnswer {
  readonly watch: Watch;
  isAsking = false;
  /** So many deltas from the first on, without a gap. */
  have = 0;
  private readonly seen = new Set<number>();

  constructor(person: string, generationId: string) {
    this.watch = { person, generationId, deltas: [], resumed: [], end: null, wasAwaited: false };
  }

  take({ seq, text }: GenerationDelta): void {
    this.watch.deltas.push([seq, text]);
    this.seen.add(seq);
    while (this.seen.has(this.have + 1)) this.have += 1;
  }

  finish({ seq, status, message }: GenerationFinished): void {
    this.watch.end = { seq, status, content: message.content };
  }

  noteResumed({ seq, status }: ResumedGeneration): void {
    this.watch.resumed.push({ seq, status, have: this.have, hasEnd: this.watch.end !== null });
  }
}
