import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { type Caller, Clock, derivedToken, EventBus, hashOf, ShortMemory } from '#platform';
import { driftOf } from '../sessions/device.ts';
import type { Session } from '../sessions/session.entity.ts';
import { whyEnded } from '../sessions/session-policy.ts';
import { sessionEnded, Sessions } from '../sessions/sessions.ts';
import { SessionJwt } from './session-jwt.ts';
import { callerOf } from '../users/caller-of.ts';
import type { User } from '../users/user.entity.ts';
import { userChanged, Users } from '../users/users.ts';

export interface LiveSession {
  session: Session;
  user: User;
  caller: Caller;
  csrfToken: string;
}

/** What a caller presents: a browser its cookies and its name, a script a bearer token and nothing else. */
export interface Credential {
  token: string | null;
  browser: string | null;
  userAgent: string | null;
  /** The whole Authorization header; where there is one, cookies do not count. */
  authorization?: string | undefined;
}

/** From what a browser presents to the live session, its person and rights. */
@Injectable()
export class Authenticator implements OnModuleDestroy {
  private readonly memory: ShortMemory<LiveSession | ErrorCode>;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly jwt: SessionJwt,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    // One that looks expired may live on by another process.
    this.memory = new ShortMemory(
      bus,
      clock,
      (found) => typeof found !== 'string' && !whyEnded(found.session, clock.now()),
    );
    const forget = (matches: (live: LiveSession) => boolean) =>
      this.memory.forget((found) => typeof found !== 'string' && matches(found));
    this.unsubscribe = [
      bus.subscribe(sessionEnded, ({ sessionId }) => forget(({ session }) => session.id === sessionId)),
      bus.subscribe(userChanged, ({ userId }) => forget(({ user }) => user.id === userId)),
    ];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
    this.memory.close();
  }

  /** The live session, or the code that says why there is none. */
  async authenticate(credential: Credential): Promise<LiveSession | ErrorCode> {
    return credential.authorization === undefined
      ? this.byCookie(credential)
      : this.byBearer(credential.authorization);
  }

  private async byBearer(authorization: string): Promise<LiveSession | ErrorCode> {
    const [, token] = /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(authorization) ?? [];
    if (!token || !this.jwt.isOurs(token)) return 'not_authenticated';
    const verified = await this.jwt.verify(token);
    if (verified === 'expired') return 'session_expired';
    if (verified === 'invalid') return 'not_authenticated';
    const { sessionId, userId } = verified;
    const key = `id ${sessionId}`;
    return this.load(key, () => this.sessions.findById(userId, sessionId));
  }

  private async byCookie({ token, browser, userAgent }: Credential): Promise<LiveSession | ErrorCode> {
    if (!token) return 'not_authenticated';
    const live = await this.load(token, () => this.sessions.find(token));
    if (typeof live === 'string') return live;
    const { session } = live;
    switch (driftOf(session, { browserHash: browser ? hashOf(browser) : null, userAgent })) {
      case 'hard':
        await this.sessions.end(session.userId, session.id, { why: 'device_changed', by: null });
        return 'device_changed';
      case 'small':
        await this.sessions.noteDrift(session, userAgent);
        return live;
      case 'none':
        return live;
    }
  }

  private load(key: string, find: () => Promise<Session | null>): Promise<LiveSession | ErrorCode> {
    return this.memory.get(key, () => this.read(key, find));
  }

  private async read(key: string, find: () => Promise<Session | null>): Promise<LiveSession | ErrorCode> {
    const session = await find();
    if (!session) return 'not_authenticated';
    const ended = whyEnded(session, this.clock.now());
    if (ended) return ended;
    const user = await this.users.find(session.userId);
    if (!user?.isActive) return 'account_disabled';
    const caller = callerOf(user, session.id);
    return { session, user, caller, csrfToken: derivedToken(key, 'csrf') };
  }
}
