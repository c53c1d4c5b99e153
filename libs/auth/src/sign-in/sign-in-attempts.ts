import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { In, LessThan, MoreThan } from 'typeorm';
import type { ErrorCode, SignInMethod } from '#contracts';
import { AppError, Clock, Database, hashOf, Sealer } from '#platform';
import { type AttemptStatus, SignInAttempt } from './sign-in-attempt.entity.ts';

/** More tabs than that in one browser are not a person; the oldest attempt gives way. */
const mostPerBrowser = 10;
/** Device sign-ins poll Entra from here, so their number is bounded for everybody together. */
const mostPendingDevices = 500;
/** Completed attempts stay a while, so that a repeated callback is recognised. */
const cleanUpEveryMs = 60_000;

export interface NewAttempt {
  id: string;
  kind: SignInMethod;
  /** The secret in the cookie of the browser that begins it. */
  browser: string;
  state?: string;
  nonce?: string;
  secret: string;
  returnTo?: string;
  remember: boolean;
  stepUpOf?: string | undefined;
  confirms?: boolean;
  expiresAt: Date;
  leaseUntil?: Date;
}

export interface Outcome {
  status: AttemptStatus;
  failure?: ErrorCode;
  /** What the sign-in is completed with. */
  secret?: string;
  expiresAt?: Date;
}

export interface AttemptKey {
  kind: SignInMethod;
  browser: string;
}

/** Attempts to sign in, in Postgres, so that any process can go on with them and a restart loses none. */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  async begin({ id, browser, state, secret, ...rest }: NewAttempt): Promise<void> {
    const browserHash = hashOf(browser);
    await this.requireRoom(rest.kind);
    await this.database.transaction(async () => {
      await this.database.repository(SignInAttempt).insert({
        ...rest,
        id,
        browserHash,
        stateHash: state ? hashOf(state) : null,
        nonce: rest.nonce ?? null,
        stepUpOf: rest.stepUpOf ?? null,
        confirms: rest.confirms ?? false,
        sealed: this.sealer.seal(secret, attemptOwner(id)),
        status: 'pending',
        createdAt: this.clock.now(),
      });
      await this.dropOldest(browserHash);
    });
  }

  secretOf(attempt: SignInAttempt): string {
    return this.sealer.open(attempt.sealed, attemptOwner(attempt.id));
  }

  findByState(state: string, { kind, browser }: AttemptKey): Promise<SignInAttempt | null> {
    return this.database.repository(SignInAttempt).findOneBy({
      kind,
      stateHash: hashOf(state),
      browserHash: hashOf(browser),
      expiresAt: MoreThan(this.clock.now()),
    });
  }

  findById(
    id: string,
    { kinds, browser }: { kinds: readonly SignInMethod[]; browser: string },
  ): Promise<SignInAttempt | null> {
    return this.database
      .repository(SignInAttempt)
      .findOneBy({ id, kind: In([...kinds]), browserHash: hashOf(browser) });
  }

  /** Which of these attempts are still under way, or wait for their browser. */
  async open(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.repository(SignInAttempt).findBy({
      id: In([...ids]),
      status: In(['pending', 'approved']),
      expiresAt: MoreThan(this.clock.now()),
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** Uses the attempt up, and its secret with it. Of several that try, one gets true. */
  async take(attempt: SignInAttempt, from: AttemptStatus): Promise<boolean> {
    const { affected } = await this.database
      .repository(SignInAttempt)
      .update(
        { id: attempt.id, status: from, expiresAt: MoreThan(this.clock.now()) },
        { status: 'completed', sealed: Buffer.alloc(0) },
      );
    return affected === 1;
  }

  /**
   * The outcome of a device sign-in at Entra; false when the attempt is no longer pending. `alongside` is done in the
   * same transaction, so whoever sees the outcome sees its entry.
   */
  settle(id: string, outcome: Outcome, alongside?: () => Promise<void>): Promise<boolean> {
    const { status, failure, secret = '', expiresAt } = outcome;
    return this.database.transaction(async () => {
      const { affected } = await this.database.repository(SignInAttempt).update(
        { id, status: 'pending' },
        {
          status,
          failure: failure ?? null,
          leaseUntil: null,
          sealed: secret ? this.sealer.seal(secret, attemptOwner(id)) : Buffer.alloc(0),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        },
      );
      if (affected === 1) await alongside?.();
      return affected === 1;
    });
  }

  async discard(id: string): Promise<void> {
    await this.database.repository(SignInAttempt).delete({ id });
  }

  /** Goes on holding a pending attempt; false when it is over, and with it the reason to poll. */
  async renewLease(id: string, until: Date): Promise<boolean> {
    const { affected } = await this.database
      .repository(SignInAttempt)
      .update({ id, status: 'pending', expiresAt: MoreThan(this.clock.now()) }, { leaseUntil: until });
    return affected === 1;
  }

  /** Pending attempts that nobody polls for, now held by the caller. */
  async adopt(kind: SignInMethod, until: Date): Promise<SignInAttempt[]> {
    const rows = await this.database.rows<{ id: string }>(
      `UPDATE sign_in_attempts SET lease_until = $1
       WHERE kind = $2 AND status = 'pending' AND expires_at > $3 AND lease_until < $3 RETURNING id`,
      [until, kind, this.clock.now()],
    );
    return this.database
      .repository(SignInAttempt)
      .find({ where: rows.map(({ id }) => ({ id })), take: rows.length });
  }

  @Interval(cleanUpEveryMs)
  async cleanUp(): Promise<void> {
    await this.database.repository(SignInAttempt).delete({ expiresAt: LessThan(this.clock.now()) });
  }

  private async requireRoom(kind: SignInMethod): Promise<void> {
    if (kind === 'authorization_code') return;
    const pending = await this.database
      .repository(SignInAttempt)
      .countBy({ kind, status: 'pending', expiresAt: MoreThan(this.clock.now()) });
    if (pending >= mostPendingDevices) throw new AppError('rate_limited', { retryAfterSeconds: 60 });
  }

  private async dropOldest(browserHash: Buffer): Promise<void> {
    await this.database.rows(
      `DELETE FROM sign_in_attempts WHERE id IN (
         SELECT id FROM sign_in_attempts WHERE browser_hash = $1 ORDER BY created_at DESC OFFSET $2)`,
      [browserHash, mostPerBrowser],
    );
  }
}

export const attemptOwner = (id: string): string => `sign-in-attempt:${id}`;
