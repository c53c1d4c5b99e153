import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { SignInMethod } from '#contracts';

@Entity('sessions')
export class Session {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** SHA-256 of the cookie's value; the value itself is nowhere. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ type: 'text' })
  method!: SignInMethod;

  /** Entra's `sid`, by which front-channel logout names the session. */
  @Column({ name: 'entra_session_id', type: 'text', nullable: true })
  entraSessionId!: string | null;

  @Column({ type: 'boolean' })
  remember!: boolean;

  /** SHA-256 of the secret in the cookie of the browser that it was issued to. */
  @Column({ name: 'browser_hash', type: 'bytea' })
  browserHash!: Buffer;

  /** Families only, as `deviceOf` reads them; null where the user agent says nothing. */
  @Column({ type: 'text', nullable: true })
  browser!: string | null;

  @Column({ type: 'text', nullable: true })
  system!: string | null;

  @Column({ name: 'user_agent', type: 'text', nullable: true })
  userAgent!: string | null;

  @Column({ name: 'first_address', type: 'inet', nullable: true })
  firstAddress!: string | null;

  @Column({ name: 'last_address', type: 'inet', nullable: true })
  lastAddress!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** When the person last proved at Entra who they are, as far as Entra says; else when the session began. */
  @Column({ name: 'authenticated_at', type: 'timestamptz' })
  authenticatedAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz' })
  lastSeenAt!: Date;

  @Column({ name: 'idle_expires_at', type: 'timestamptz' })
  idleExpiresAt!: Date;

  @Column({ name: 'absolute_expires_at', type: 'timestamptz' })
  absoluteExpiresAt!: Date;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ name: 'revoked_by', type: 'uuid', nullable: true })
  revokedBy!: string | null;

  @Column({ name: 'revoked_why', type: 'text', nullable: true })
  revokedWhy!: RevocationReason | null;
}

export const revocationReasons = [
  'signed_out',
  'replaced',
  'too_many',
  'ended_elsewhere',
  'ended_by_administrator',
  'signed_out_at_entra',
  'device_changed',
  'rights_changed',
  'account_disabled',
  'identity_mismatch',
  'database_restored',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];
