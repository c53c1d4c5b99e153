import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { ErrorCode, SignInMethod } from '#contracts';
import { Clock, currentRequest, Database, EventBus, hashOf, newSecretToken, topic } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { type RevocationReason, Session } from './session.entity.ts';
import { initialTimes, isSlideDue, slid, whyEnded } from './session-policy.ts';

export interface SessionEnded {
  sessionId: string;
  userId: string;
  code: ErrorCode;
}
/** Told on every process after the commit: whoever holds something for the session lets go of it. */
export const sessionEnded = topic<SessionEnded>('session.ended');

/** Server-side sessions: an opaque token in a cookie, its hash in Postgres. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly config: AuthConfig,
  ) {}

  /** The only moment at which the token is known. */
  async issue(request: {
    userId: string;
    method: SignInMethod;
    remember: boolean;
    entraSessionId: string | null;
  }): Promise<{ session: Session; token: string }> {
    const now = this.clock.now();
    const token = newSecretToken();
    const address = currentRequest()?.address ?? null;
    const session = await this.database.repository(Session).save({
      ...request,
      ...initialTimes(now, request.remember, this.config),
      tokenHash: hashOf(token),
      userAgent: currentRequest()?.userAgent ?? null,
      firstAddress: address,
      lastAddress: address,
      createdAt: now,
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

  /** A request by the person keeps the session alive. Never called by anything that runs on its own. */
  async slide(session: Session): Promise<void> {
    const now = this.clock.now();
    if (!isSlideDue(session, now, this.config)) return;
    session.lastSeenAt = now;
    session.idleExpiresAt = slid(session, now, this.config);
    await this.database.repository(Session).update(
      { id: session.id, revokedAt: IsNull() },
      {
        lastSeenAt: now,
        idleExpiresAt: session.idleExpiresAt,
        lastAddress: currentRequest()?.address ?? session.lastAddress,
      },
    );
  }

  /** Ends one live session of this person; false when there is none. */
  async end(userId: string, sessionId: string, why: RevocationReason, by: string | null): Promise<boolean> {
    return this.database.transaction(async () => {
      const now = this.clock.now();
      const result = await this.database
        .repository(Session)
        .update(
          { id: sessionId, userId, revokedAt: IsNull() },
          { revokedAt: now, revokedWhy: why, revokedBy: by },
        );
      if (!result.affected) return false;
      const code = whyEnded(
        { revokedAt: now, revokedWhy: why, idleExpiresAt: now, absoluteExpiresAt: now },
        now,
      );
      this.bus.publish(sessionEnded, { sessionId, userId, code: code ?? 'session_revoked' });
      return true;
    });
  }

  /** Whether the person has any session that still lives. */
  async hasLive(userId: string): Promise<boolean> {
    const rows = await this.database.rows(
      'SELECT 1 FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND idle_expires_at > $2 LIMIT 1',
      [userId, this.clock.now()],
    );
    return rows.length > 0;
  }

  private async endSurplus(userId: string): Promise<void> {
    const surplus = await this.database.rows<{ id: string }>(
      `SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND idle_expires_at > $2
       ORDER BY last_seen_at DESC, created_at DESC OFFSET $3`,
      [userId, this.clock.now(), this.config.sessionMaxPerUser],
    );
    for (const { id } of surplus) await this.end(userId, id, 'too_many', null);
  }
}
