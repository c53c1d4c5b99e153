import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { z } from 'zod';
import { type AdministeredSession, type Page, type PageQuery, timeSchema } from '#contracts';
import { AppError, type Caller, Clock, Database, decodeCursor, toPage } from '#platform';
import { SessionEndings } from '../account/session-endings.ts';
import { describeDevice } from '../sessions/device.ts';
import { Session } from '../sessions/session.entity.ts';
import { Sessions } from '../sessions/sessions.ts';
import { User } from '../users/user.entity.ts';
import { People } from './people.ts';

const placeSchema = z.tuple([timeSchema, z.uuid()]);

type Administrator = Pick<Caller, 'userId' | 'sessionId'>;

/** Everybody's live sessions, and their end at an administrator's word. */
@Injectable()
export class LiveSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly endings: SessionEndings,
  ) {}

  /** The one begun last comes first. */
  async list({ sessionId }: Administrator, { cursor, limit }: PageQuery): Promise<Page<AdministeredSession>> {
    const query = this.database
      .repository(Session)
      .createQueryBuilder('s')
      .where('s.revoked_at IS NULL AND s.idle_expires_at > :now', { now: this.clock.now() })
      .orderBy('s.created_at', 'DESC')
      .addOrderBy('s.id', 'DESC')
      .limit(limit + 1);
    const place = decodeCursor(cursor, placeSchema);
    if (place) query.andWhere('(s.created_at, s.id) < (:at, :id)', { at: place[0], id: place[1] });
    const page = toPage(
      await query.getMany(),
      limit,
      (row) => [row.createdAt.toISOString(), row.id],
      (row) => row,
    );
    const people = await this.ownersOf(page.items);
    return {
      ...page,
      items: page.items.flatMap((row) => toAdministered(row, people.get(row.userId), sessionId)),
    };
  }

  /** Of one person, the one last used first. */
  async of({ sessionId }: Administrator, userId: string): Promise<Page<AdministeredSession>> {
    const user = await this.people.require(userId);
    const live = await this.sessions.live(userId);
    return { items: live.flatMap((row) => toAdministered(row, user, sessionId)), nextCursor: null };
  }

  async end({ userId: by }: Administrator, id: string): Promise<void> {
    const session = await this.database.repository(Session).findOneBy({ id });
    const ending = { why: 'ended_by_administrator', by } as const;
    const isEnded = session !== null && (await this.endings.end(session.userId, id, ending));
    if (!isEnded) throw new AppError('not_found');
  }

  async endAllOf({ userId: by }: Administrator, userId: string): Promise<number> {
    await this.people.require(userId);
    return this.endings.endAll(userId, { why: 'ended_by_administrator', by });
  }

  private async ownersOf(sessions: readonly Session[]): Promise<Map<string, User>> {
    const ids = [...new Set(sessions.map(({ userId }) => userId))];
    const people = await this.database.repository(User).findBy({ id: In(ids) });
    return new Map(people.map((user) => [user.id, user]));
  }
}

/** None where the person has gone between the two reads. */
function toAdministered(
  session: Session,
  user: User | undefined,
  currentId: string | null,
): AdministeredSession[] {
  if (!user) return [];
  const { id, email, displayName } = user;
  return [
    {
      id: session.id,
      user: { id, email, displayName },
      method: session.method,
      device: describeDevice(session),
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      authenticatedAt: session.authenticatedAt.toISOString(),
      idleExpiresAt: session.idleExpiresAt.toISOString(),
      absoluteExpiresAt: session.absoluteExpiresAt.toISOString(),
      firstAddress: session.firstAddress,
      lastAddress: session.lastAddress,
      isCurrent: session.id === currentId,
    },
  ];
}
