import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type ErrorCode, permissionsOf } from '#contracts';
import { type Caller, Clock, derivedToken, EventBus } from '#platform';
import { sessionEnded, Sessions } from '../sessions/sessions.ts';
import type { Session } from '../sessions/session.entity.ts';
import { whyEnded } from '../sessions/session-policy.ts';
import { effectiveRoles } from '../users/roles.ts';
import type { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';

export interface LiveSession {
  session: Session;
  user: User;
  caller: Caller;
  csrfToken: string;
}

interface Kept {
  live: LiveSession;
  until: number;
}

/** Revocation empties the cache at once; the time only bounds what a lost message could cost. */
const keepMs = 3_000;
const mostKept = 10_000;

/** From the session's token to the live session, its person and rights. */
@Injectable()
export class Authenticator implements OnModuleDestroy {
  private readonly kept = new Map<string, Kept>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    this.unsubscribe = bus.subscribe(sessionEnded, ({ sessionId }) =>
      this.forget((live) => live.session.id === sessionId),
    );
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** The live session, or the code that says why there is none. */
  async authenticate(token: string | null): Promise<LiveSession | ErrorCode> {
    if (!token) return 'not_authenticated';
    const known = this.kept.get(token);
    if (known && known.until > this.clock.now().getTime()) {
      return whyEnded(known.live.session, this.clock.now()) ?? known.live;
    }
    const live = await this.load(token);
    if (typeof live === 'string') this.kept.delete(token);
    else this.keep(token, live);
    return live;
  }

  private async load(token: string): Promise<LiveSession | ErrorCode> {
    const session = await this.sessions.find(token);
    if (!session) return 'not_authenticated';
    const ended = whyEnded(session, this.clock.now());
    if (ended) return ended;
    const user = await this.users.find(session.userId);
    if (!user?.isActive) return 'account_disabled';
    const roles = effectiveRoles(user);
    const caller: Caller = {
      userId: user.id,
      sessionId: session.id,
      roles,
      permissions: permissionsOf(roles),
    };
    return { session, user, caller, csrfToken: derivedToken(token, 'csrf') };
  }

  private keep(token: string, live: LiveSession): void {
    if (this.kept.size >= mostKept) this.kept.clear();
    this.kept.set(token, { live, until: this.clock.now().getTime() + keepMs });
  }

  private forget(matches: (live: LiveSession) => boolean): void {
    for (const [token, { live }] of this.kept) if (matches(live)) this.kept.delete(token);
  }
}
