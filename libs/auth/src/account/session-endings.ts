import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, Database, Leases, minutesAfter } from '#platform';
import { type Ending, Sessions } from '../sessions/sessions.ts';
import { DeletedPeople } from './deleted-people.ts';
import { TokenVault } from '../vault/token-vault.ts';

const cleanUpEveryMs = 60_000;
/** How long an ended session's browser can still be told why. */
const tombstoneDays = 7;

/** Ends sessions; with a person's last one their Azure tokens go too. */
@Injectable()
export class SessionEndings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sessions: Sessions,
    private readonly vault: TokenVault,
    private readonly leases: Leases,
    private readonly deleted: DeletedPeople,
  ) {}

  /** False when this person has no such live session. */
  end(userId: string, sessionId: string, ending: Ending): Promise<boolean> {
    return this.database.transaction(async () => {
      const ended = await this.sessions.end(userId, sessionId, ending);
      if (ended) await this.wipeIfLast(userId);
      return ended;
    });
  }

  endAll(userId: string, ending: Ending, except: string | null = null): Promise<number> {
    return this.database.transaction(async () => {
      const ended = await this.sessions.endAll(userId, ending, except);
      await this.wipeIfLast(userId);
      return ended;
    });
  }

  endByEntraSession(entraSessionId: string): Promise<number> {
    return this.database.transaction(async () => {
      const ended = await this.sessions.endByEntraSession(entraSessionId, {
        why: 'signed_out_at_entra',
        by: null,
      });
      for (const userId of new Set(ended)) await this.wipeIfLast(userId);
      return ended.length;
    });
  }

  /** What time has ended: old rows go, and the tokens of people who have no session left. */
  @Interval(cleanUpEveryMs)
  async cleanUp(): Promise<void> {
    if (!(await this.leases.hold('session-clean-up', (2 * cleanUpEveryMs) / 1000))) return;
    await this.vault.wipeWithoutSession();
    await this.deleted.forget();
    await this.sessions.dropOlderThan(minutesAfter(this.clock.now(), -tombstoneDays * 24 * 60));
  }

  private async wipeIfLast(userId: string): Promise<void> {
    // A sign-in that has not committed yet holds the row: wait for it, and then see its session.
    await this.vault.lock(userId);
    if (!(await this.sessions.hasLive(userId))) await this.vault.wipe(userId);
  }
}
