import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MessageStatus } from '#contracts';

@Entity('generations')
export class StoredGeneration {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'message_id', type: 'uuid' })
  messageId!: string;

  @Column({ name: 'conversation_id', type: 'uuid' })
  conversationId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** Null where an API caller asked. */
  @Column({ name: 'session_id', type: 'text', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'text' })
  status!: MessageStatus;

  /** The process that writes the answer, as long as its lease lasts. */
  @Column({ name: 'runner_id', type: 'uuid' })
  runnerId!: string;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  /** The answer so far; empty once the message has it. */
  @Column({ type: 'text' })
  text!: string;

  @Column({ name: 'last_seq', type: 'integer' })
  lastSeq!: number;

  /** Length of the text at the end of each delta. */
  @Column({ name: 'delta_ends', type: 'integer', array: true })
  deltaEnds!: number[];

  @Column({ name: 'stop_requested_at', type: 'timestamptz', nullable: true })
  stopRequestedAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
