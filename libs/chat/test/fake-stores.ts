/** Stand-ins for what the runner writes to. */
import type { Database } from '#platform';
import type { Answer } from '../src/generation/answer.ts';
import { type Ending, Finishing } from '../src/generation/finishing.ts';
import { GenerationRows } from '../src/generation/generation-rows.ts';
import { Messages, type PathMessage } from '../src/messages/messages.ts';

const unused = null as never;

export const noTransactions = { afterCommit: (act: () => void) => act() } as Database;

export class FakeRows extends GenerationRows {
  answer: 'kept' | 'stop-requested' | 'lost' = 'kept';
  failures = 0;
  readonly saved: Answer[] = [];

  constructor() {
    super(unused, unused);
  }

  override async saveProgress(_id: string, _runnerId: string, answer: Answer) {
    // Time passes before the statement is on its way; what is written must not change meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database is away');
    }
    this.saved.push({ ...answer });
    return this.answer;
  }
}

export class FakeMessages extends Messages {
  constructor(private readonly said: PathMessage[]) {
    super(unused, unused, unused);
  }

  override async path(): Promise<PathMessage[]> {
    return this.said;
  }
}

export class FakeFinishing extends Finishing {
  readonly ended: Ending[] = [];
  failures = 0;
  tries = 0;

  constructor() {
    super(unused, unused, unused, unused, unused, unused, unused);
  }

  override async finish(_job: unknown, ending: Ending): Promise<boolean> {
    this.tries += 1;
    if (this.tries <= this.failures) throw new Error('the database is away');
    this.ended.push(ending);
    return true;
  }
}
