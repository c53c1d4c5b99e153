import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { type Actor, Clock, currentRequest, Database } from '#platform';
import { AuditEntry } from './audit-entry.entity.ts';

export const auditActions = [
  'sign_in.succeeded',
  'sign_in.failed',
  'signed_out',
  'session.ended',
  'session.device_drifted',
  'user.created',
  'user.roles_changed',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.role_granted',
  'user.role_withdrawn',
  'user.last_admin_kept',
  'step_up.succeeded',
  'step_up.failed',
  'azure_token.refreshed',
  'azure_token.refresh_failed',
  'azure_token.wiped',
  'encryption_keys.rotated',
  'database.restored',
  'access.denied',
  'user.viewed',
  'audit.exported',
  'audit.verified',
  'audit.entries_dropped',
  'configuration.loaded',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditRecord {
  action: AuditAction;
  outcome?: 'success' | 'failure';
  resource?: { type: 'user' | 'session' | 'sign_in_attempt'; id: string };
  /** Values that explain the act; never a secret, never what someone wrote in a chat. */
  details?: Record<string, unknown>;
  /** Who acts, where that is not yet the signed-in person of this request. */
  actor?: Actor;
}

/** Writes entries. Call `record` inside the transaction of the act: if the entry cannot be written, the act does not happen. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger(AuditLog.name);
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async record({ action, outcome = 'success', resource, details = {}, actor }: AuditRecord): Promise<void> {
    const request = currentRequest();
    const by = actor ?? request?.actor;
    await this.database.repository(AuditEntry).insert({
      id: randomUUID(),
      occurredAt: this.clock.now(),
      actorId: by?.id ?? null,
      actorEmail: by?.email ?? null,
      actorDisplayName: by?.displayName ?? null,
      action,
      outcome,
      resourceType: resource?.type ?? null,
      resourceId: resource?.id ?? null,
      details: details as never,
      ipAddress: request?.address ?? null,
      userAgent: request?.userAgent ?? null,
      sessionId: request?.sessionId ?? null,
      requestId: request?.requestId ?? null,
    });
    this.database.afterCommit(() => this.listeners.forEach((tell) => tell()));
  }

  /**
   * For what must happen, or has happened, whether it can be recorded or not: a sign-out, a refusal. A lost entry is
   * logged, without undoing the transaction around it.
   */
  async recordIfPossible(record: AuditRecord): Promise<void> {
    try {
      await this.database.savepoint(() => this.record(record));
    } catch (error) {
      const { action, outcome, resource } = record;
      this.logger.error({ msg: 'an audit entry was lost', action, outcome, resource, err: error });
    }
  }

  /** In this process, after the commit. */
  onRecorded(listener: () => void): void {
    this.listeners.add(listener);
  }
}
