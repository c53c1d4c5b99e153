import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Sessions } from '#auth';
import { ChatGateway } from '#chat';

const everyMs = 2_000;

/**
 * An ended session closes its sockets at once, by the bus. This looks after those of which nobody says anything: a
 * session that comes to its idle or absolute end, and one whose end was lost on the way from another process.
 */
@Injectable()
export class SocketReview {
  private readonly logger = new Logger(SocketReview.name);
  private isLooking = false;

  constructor(
    private readonly gateway: ChatGateway,
    private readonly sessions: Sessions,
  ) {}

  @Interval(everyMs)
  async look(): Promise<void> {
    const open = this.gateway.openSessions;
    if (this.isLooking || open.length === 0) return;
    this.isLooking = true;
    try {
      for (const [id, code] of await this.sessions.endedAmong(open)) await this.gateway.endSession(id, code);
    } catch (error) {
      this.logger.warn({ msg: 'the sessions of open sockets could not be looked at', err: error });
    } finally {
      this.isLooking = false;
    }
  }
}
