import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { StreamLog } from '../streaming/stream-log.ts';
import { type Answer, answerOf, longer } from './answer.ts';
import { Finishing } from './finishing.ts';
import type { StoredGeneration } from './generation.entity.ts';
import { GenerationRows } from './generation-rows.ts';
import { GenerationRunner } from './generation-runner.ts';
import { orphanOutcome } from './outcome.ts';
import { timing } from './timing.ts';

/**
 * Ends what a killed process left behind: a lease that lapsed turns its generation into an interrupted one with the
 * text so far (security.md F16). Any process does it for any other.
 */
@Injectable()
export class Recovery implements OnApplicationBootstrap {
  private readonly logger = new Logger(Recovery.name);
  private isLooking = false;
  private hasFailed = false;

  constructor(
    private readonly rows: GenerationRows,
    private readonly runner: GenerationRunner,
    private readonly finishing: Finishing,
    private readonly log: StreamLog,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.look();
  }

  @Interval(timing.recoverEveryMs)
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const orphans = await this.rows.lapsed(this.runner.running);
      // While the database was away no lease could be renewed: those who live get one round to come back.
      const isFirstLook = this.hasFailed;
      this.hasFailed = false;
      if (!isFirstLook) for (const orphan of orphans) await this.end(orphan);
    } catch (error) {
      this.hasFailed = true;
      this.logger.warn({ msg: 'interrupted answers could not be looked for', err: error });
    } finally {
      this.isLooking = false;
    }
  }

  private async end(orphan: StoredGeneration): Promise<void> {
    const answer = await this.lastKnown(orphan);
    const ending = { ...orphanOutcome(orphan), answer, usage: null, promptLength: 0 };
    if (await this.finishing.finish(orphan, ending, 'anybody-once-lapsed'))
      this.logger.warn({ msg: 'an answer was interrupted', generationId: orphan.id });
  }

  /** A log that outlives its process can hold more than was last saved. */
  private async lastKnown(orphan: StoredGeneration): Promise<Answer> {
    const logged = await this.log.read(orphan.id, 0);
    return logged ? longer(orphan, answerOf(logged)) : orphan;
  }
}
