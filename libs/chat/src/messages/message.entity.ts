import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Message, MessageError, MessageStatus } from '#contracts';

@Entity('messages')
export class StoredMessage {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'conversation_id', type: 'uuid' })
  conversationId!: string;

  @Column({ name: 'parent_id', type: 'uuid', nullable: true })
  parentId!: string | null;

  /** Ascending in the order of storing; a bigint, so text in JavaScript. */
  @Column({ type: 'bigint', generated: 'identity', insert: false, update: false })
  ordinal!: string;

  @Column({ type: 'text' })
  role!: Message['role'];

  @Column({ type: 'text' })
  content!: string;

  @Column({ type: 'text' })
  status!: MessageStatus;

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'input_tokens', type: 'integer', nullable: true })
  inputTokens!: number | null;

  @Column({ name: 'output_tokens', type: 'integer', nullable: true })
  outputTokens!: number | null;

  @Column({ type: 'boolean' })
  truncated!: boolean;

  @Column({ type: 'jsonb', nullable: true })
  error!: MessageError | null;

  @Column({ name: 'client_message_id', type: 'text', nullable: true })
  clientMessageId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
