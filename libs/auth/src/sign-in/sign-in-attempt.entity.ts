import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ErrorCode, SignInMethod } from '#contracts';

export type AttemptStatus = 'pending' | 'approved' | 'declined' | 'expired' | 'failed' | 'completed';

/** One sign-in under way: expiring, used once, bound to the browser that began it. */
@Entity('sign_in_attempts')
export class SignInAttempt {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  kind!: SignInMethod;

  @Column({ type: 'text' })
  status!: AttemptStatus;

  /** Why it failed, where it did. */
  @Column({ type: 'text', nullable: true })
  failure!: ErrorCode | null;

  /** SHA-256 of the secret in the cookie of the browser that began it. */
  @Column({ name: 'browser_hash', type: 'bytea' })
  browserHash!: Buffer;

  @Column({ name: 'state_hash', type: 'bytea', nullable: true })
  stateHash!: Buffer | null;

  @Column({ type: 'text', nullable: true })
  nonce!: string | null;

  /** PKCE verifier, device code, or the tokens of an approved device sign-in. */
  @Column({ type: 'bytea' })
  sealed!: Buffer;

  @Column({ name: 'return_to', type: 'text', nullable: true })
  returnTo!: string | null;

  @Column({ type: 'boolean' })
  remember!: boolean;

  /** Whose session is to be strengthened: nobody else may come back from it. Null for an ordinary sign-in. */
  @Column({ name: 'step_up_of', type: 'uuid', nullable: true })
  stepUpOf!: string | null;

  /** It answers what Azure asked of the person: Entra may find that it has asked them enough already. */
  @Column({ type: 'boolean' })
  confirms!: boolean;

  /** Until when some process is polling for it. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
