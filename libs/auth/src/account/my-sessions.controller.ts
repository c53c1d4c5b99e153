import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { endedSessionsSchema, idParamSchema, mySessionPageSchema } from '#contracts';
import { AppError, Returns, SignedIn } from '#platform';
import type { LiveSession } from '../access/authenticator.ts';
import { CurrentSession } from '../access/current-session.ts';
import { Sessions } from '../sessions/sessions.ts';
import { toMySession } from './my-session.ts';
import { SessionEndings } from './session-endings.ts';

/** A person's own sessions and devices. */
@Controller('api/auth/sessions')
export class MySessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly endings: SessionEndings,
  ) {}

  @Get()
  @SignedIn()
  @Returns(mySessionPageSchema)
  async list(@CurrentSession() { user, session }: LiveSession) {
    const live = await this.sessions.live(user.id);
    const firstSeen = await this.sessions.firstSeenByBrowser(user.id);
    return { items: live.map((one) => toMySession(one, session.id, firstSeen)), nextCursor: null };
  }

  @Delete(':id')
  @HttpCode(204)
  @SignedIn()
  async end(
    @CurrentSession() { user }: LiveSession,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ) {
    const ended = await this.endings.end(user.id, id, { why: 'ended_elsewhere', by: user.id });
    if (!ended) throw new AppError('not_found');
  }

  /** All but the one that asks. */
  @Delete()
  @SignedIn()
  @Returns(endedSessionsSchema)
  async endOthers(@CurrentSession() { user, session }: LiveSession) {
    return { ended: await this.endings.endAll(user.id, { why: 'ended_elsewhere', by: user.id }, session.id) };
  }
}
