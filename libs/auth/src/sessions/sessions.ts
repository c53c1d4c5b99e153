import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan } from 'typeorm';
import type { ErrorCode, SignInMethod } from '#contracts';
import { AuditLog } from '#audit';
import {
  Clock,
  currentRequest,
  Database,
  EventBus,
  hashOf,
  isWriteRefused,
  newSecretToken,
  topic,
} from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { deviceOf } from './device.ts';
import { type RevocationReason, Session } from './session.entity.ts';
import {
  authenticatedAt,
  codeOfRevocation,
  initialTimes,
  isSlideDue,
  slid,
  whyEnded,
} from './session-policy.ts';

export interface SessionEnded {
  sessionId: string;
  userId: string;
  code: ErrorCode;
}
/** Told on every process after the commit: whoever holds something for the session lets go of it. */
export const sessionEnded = topic<SessionEnded>('session.ended');

export interface Ending {
  why: RevocationReason;
  /** Who ended it; null for the system itself. */
  by: string | null;
}

const timesOf = ({ lastSeenAt, idleExpiresAt, lastAddress }: Session) => ({
  lastSeenAt,
  idleExpiresAt,
  lastAddress,
});

/** Server-side sessions: an opaque token in a cookie, its hash in Postgres. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly config: AuthConfig,
    private readonly audit: AuditLog,
  ) {}

  /** The only moment at which the token is known. */
  async issue(request: {
    userId: string;
    method: SignInMethod;
    remember: boolean;
    entraSessionId: string | null;
    /** The secret in the browser's cookie. */
    browser: string;
    /** When Entra last asked them to prove who they are, where it says so. */
    authenticatedAt?: Date | null;
  }): Promise<{ session: Session; token: string }> {
    const now = this.clock.now();
    const token = newSecretToken();
    const { address = null, userAgent = null } = currentRequest() ?? {};
    const { browser: browserSecret, authenticatedAt: saidByEntra = null, ...rest } = request;
    const session = await this.database.repository(Session).save({
      ...rest,
      ...initialTimes(now, request.remember, this.config),
      ...deviceOf(userAgent),
      browserHash: hashOf(browserSecret),
      tokenHash: hashOf(token),
      userAgent,
      firstAddress: address,
      lastAddress: address,
      createdAt: now,
      authenticatedAt: authenticatedAt(saidByEntra, now),
      lastSeenAt: now,
      revokedAt: null,
      revokedBy: null,
      revokedWhy: null,
    });
    await this.endSurplus(request.userId);
    return { session, token };
  }

  /** The session of this token, live or not. */
  find(token: string): Promise<Session | null> {
    return this.database.repository(Session).findOneBy({ tokenHash: hashOf(token) });
  }

  findById(userId: string, id: string): Promise<Session | null> {
    return this.database.repository(Session).findOneBy({ id, userId });
  }

  /** Which of these live no more, and why. */
  async endedAmong(ids: readonly string[]): Promise<Map<string, ErrorCode>> {
    const now = this.clock.now();
    const rows = await this.database.repository(Session).findBy({ id: In([...ids]) });
    const known = new Map(rows.map((session) => [session.id, whyEnded(session, now)]));
    const codes = ids.map((id) => [id, known.has(id) ? known.get(id) : 'not_authenticated'] as const);
    return new Map(codes.filter((entry): entry is [string, ErrorCode] => Boolean(entry[1])));
  }

  /** The person's live sessions, the one last used first. */
  live(userId: string): Promise<Session[]> {
    return this.database.repository(Session).find({
      where: { userId, revokedAt: IsNull(), idleExpiresAt: MoreThan(this.clock.now()) },
      order: { lastSeenAt: 'DESC', createdAt: 'DESC' },
    });
  }

  async hasLive(userId: string): Promise<boolean> {
    const now = this.clock.now();
    return this.database
      .repository(Session)
      .existsBy({ userId, revokedAt: IsNull(), idleExpiresAt: MoreThan(now) });
  }

  /** A request by the person keeps the session alive. Never called by anything that runs on its own. */
  async slide(session: Session): Promise<void> {
    const now = this.clock.now();
    if (!isSlideDue(session, now, this.config)) return;
    const before = timesOf(session);
    session.lastSeenAt = now;
    session.idleExpiresAt = slid(session, now, this.config);
    session.lastAddress = currentRequest()?.address ?? session.lastAddress;
    const isKept = await this.ifWritable(() => this.saveTimes(session));
    if (!isKept) Object.assign(session, before);
  }

  /** The same browser with another version: noted, once for each change. */
  async noteDrift(session: Session, userAgent: string | null): Promise<void> {
    const before = session.userAgent;
    session.userAgent = userAgent;
    const isKept = await this.ifWritable(() =>
      this.database.transaction(async () => {
        await this.database.repository(Session).update({ id: session.id }, { userAgent });
        await this.audit.record({
          action: 'session.device_drifted',
          resource: { type: 'session', id: session.id },
          details: { before, after: userAgent },
        });
      }),
    );
    if (!isKept) session.userAgent = before;
  }

  /** Ends one live session of this person, with an audit entry; false when there is none. */
  async end(userId: string, sessionId: string, { why, by }: Ending): Promise<boolean> {
    return this.database.transaction(async () => {
      const result = await this.database
        .repository(Session)
        .update(
          { id: sessionId, userId, revokedAt: IsNull(), idleExpiresAt: MoreThan(this.clock.now()) },
          { revokedAt: this.clock.now(), revokedWhy: why, revokedBy: by },
        );
      if (!result.affected) return false;
      const resource = { type: 'session', id: sessionId } as const;
      // Whoever wants to go can go, also when it cannot be recorded.
      if (why === 'signed_out')
        await this.audit.recordIfPossible({ action: 'signed_out', resource, details: { why, userId } });
      else await this.audit.record({ action: 'session.ended', resource, details: { why, userId, by } });
      this.bus.publish(sessionEnded, { sessionId, userId, code: codeOfRevocation(why) });
      return true;
    });
  }

  /** Ends all live sessions of this person, but for `except`; returns how many. */
  async endAll(userId: string, ending: Ending, except: string | null = null): Promise<number> {
    const others = (await this.live(userId)).filter(({ id }) => id !== except);
    return (await this.endEach(others, ending)).length;
  }

  /** Ends what Entra names by its `sid`; returns whose sessions they were. */
  async endByEntraSession(entraSessionId: string, ending: Ending): Promise<string[]> {
    const named = await this.database.repository(Session).findBy({ entraSessionId, revokedAt: IsNull() });
    return this.endEach(named, ending);
  }

  /** When the person first signed in with each browser, by the hex of its hash; as far back as rows are kept. */
  async firstSeenByBrowser(userId: string): Promise<Map<string, Date>> {
    const rows = await this.database.rows<{ browser: string; first: Date }>(
      `SELECT encode(browser_hash, 'hex') AS browser, min(created_at) AS first
       FROM sessions WHERE user_id = $1 GROUP BY browser_hash`,
      [userId],
    );
    return new Map(rows.map(({ browser, first }) => [browser, first]));
  }

  /** Ended sessions stay for a while so that their browser can be told why; then the rows go. */
  async dropOlderThan(time: Date): Promise<void> {
    await this.database.rows('DELETE FROM sessions WHERE idle_expires_at < $1 OR revoked_at < $1', [time]);
  }

  /** What only notes that somebody was here is no reason to refuse them what they came to read (security.md F4). */
  private async ifWritable(note: () => Promise<unknown>): Promise<boolean> {
    try {
      await note();
      return true;
    } catch (error) {
      if (isWriteRefused(error)) return false;
      throw error;
    }
  }

  private saveTimes(session: Session): Promise<unknown> {
    return this.database
      .repository(Session)
      .update({ id: session.id, revokedAt: IsNull() }, timesOf(session));
  }

  private async endSurplus(userId: string): Promise<void> {
    const surplus = (await this.live(userId)).slice(this.config.sessionMaxPerUser);
    await this.endEach(surplus, { why: 'too_many', by: null });
  }

  /** Returns the person of each session that was live until now. */
  private endEach(sessions: readonly Session[], ending: Ending): Promise<string[]> {
    return this.database.transaction(async () => {
      const people: string[] = [];
      for (const { id, userId } of sessions) if (await this.end(userId, id, ending)) people.push(userId);
      return people;
    });
  }
}
