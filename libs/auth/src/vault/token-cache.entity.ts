import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClientKind } from '../entra/entra-client.ts';
import type { FailureClass } from '../entra/entra-failure.ts';

/** One person's Azure credentials, sealed; beside them only what the scheduler and the screen need to know. */
@Entity('token_caches')
export class TokenCache {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'bytea' })
  sealed!: Buffer;

  /** Counts writes; a write names the version it read. */
  @Column({ type: 'integer' })
  version!: number;

  @Column({ type: 'text' })
  client!: ClientKind;

  /** When the token for Azure OpenAI ends. */
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** When the scheduler takes it up; null where only the person can help. */
  @Column({ name: 'refresh_due_at', type: 'timestamptz', nullable: true })
  refreshDueAt!: Date | null;

  @Column({ name: 'last_refreshed_at', type: 'timestamptz', nullable: true })
  lastRefreshedAt!: Date | null;

  @Column({ name: 'failure_class', type: 'text', nullable: true })
  failureClass!: FailureClass | null;

  @Column({ name: 'failure_count', type: 'integer' })
  failureCount!: number;

  /** Whoever asks Entra for this person now, and until when that is believed of them. */
  @Column({ name: 'lease_holder', type: 'uuid', nullable: true })
  leaseHolder!: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
