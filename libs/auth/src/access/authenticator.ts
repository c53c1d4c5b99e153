import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { type Caller, Clock, derivedToken, EventBus, eventsMissed, hashOf } from '#platform';
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

interface Kept {
  live: LiveSession;
  until: number;
}

/** Revocation empties the cache at once; the time only bounds what a lost message could cost. */
const keepMs = 2_000;
const mostKept = 10_000;

/** From what a browser presents to the live session, its person and rights. */
@Injectable()
export class Authenticator implements OnModuleDestroy {
  private readonly kept = new Map<string, Kept>();
  private readonly unsubscribe: (() => void)[];
  /** Counts what was announced. */
  private changes = 0;

  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly jwt: SessionJwt,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    this.unsubscribe = [
      bus.subscribe(sessionEnded, ({ sessionId }) => this.forget(({ session }) => session.id === sessionId)),
      bus.subscribe(eventsMissed, () => this.forget(() => true)),
      bus.subscribe(userChanged, ({ userId }) => this.forget(({ user }) => user.id === userId)),
    ];
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
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
    return this.known(key) ?? this.load(key, () => this.sessions.findById(userId, sessionId));
  }

  private async byCookie({ token, browser, userAgent }: Credential): Promise<LiveSession | ErrorCode> {
    if (!token) return 'not_authenticated';
    const live = this.known(token) ?? (await this.load(token, () => this.sessions.find(token)));
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

  /** While revocations may go unheard nothing is known. One that looks expired may live on by another process. */
  private known(key: string): LiveSession | undefined {
    const found = this.kept.get(key);
    const now = this.clock.now();
    if (!found || found.until <= now.getTime() || !this.bus.isWhole) return undefined;
    return whyEnded(found.live.session, now) ? undefined : found.live;
  }

  private async load(key: string, read: () => Promise<Session | null>): Promise<LiveSession | ErrorCode> {
    this.kept.delete(key);
    const changesBefore = this.changes;
    const session = await read();
    if (!session) return 'not_authenticated';
    const ended = whyEnded(session, this.clock.now());
    if (ended) return ended;
    const user = await this.users.find(session.userId);
    if (!user?.isActive) return 'account_disabled';
    const caller = callerOf(user, session.id);
    const live = { session, user, caller, csrfToken: derivedToken(key, 'csrf') };
    // What was read may have ended meanwhile, and nobody will say so again.
    if (this.changes === changesBefore) this.keep(key, live);
    return live;
  }

  private keep(key: string, live: LiveSession): void {
    if (this.kept.size >= mostKept) this.kept.clear();
    this.kept.set(key, { live, until: this.clock.now().getTime() + keepMs });
  }

  private forget(matches: (live: LiveSession) => boolean): void {
    this.changes += 1;
    for (const [key, { live }] of this.kept) if (matches(live)) this.kept.delete(key);
  }
}
