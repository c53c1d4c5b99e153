import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditLog } from './audit-log.ts';
import { auditEntities } from './index.ts';
import { inRequest } from '#platform';
import { FakeClock } from '#platform/testing';
import { openTestDatabase, type OpenTestDatabase } from '../../../test/support/database.ts';

describe('the audit log', () => {
  let test: OpenTestDatabase;
  let audit: AuditLog;
  const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  const actor = {
    id: '33333333-3333-4333-8333-333333333333',
    email: 'uma@example.test',
    displayName: 'Uma Patel',
  };
  beforeAll(async () => {
    test = await openTestDatabase(auditEntities);
    audit = new AuditLog(test.database, clock);
  });
  afterAll(() => test.close());
  const entries = () =>
    test.database.rows<Record<string, unknown>>('SELECT * FROM audit_entries ORDER BY sequence');

  it('LOG-01: says who, what, when, from where, with what result, in which call', async () => {
    const context = {
      requestId: 'request-1',
      address: '192.0.2.1',
      userAgent: 'Browser/1',
      actor,
      sessionId: '44444444-4444-4444-8444-444444444444',
    };
    await inRequest(context, () =>
      audit.record({ action: 'signed_out', resource: { type: 'session', id: 's' }, details: { why: 'x' } }),
    );
    expect((await entries()).at(-1)).toMatchObject({
      actor_id: actor.id,
      actor_email: actor.email,
      actor_display_name: actor.displayName,
      action: 'signed_out',
      outcome: 'success',
      occurred_at: clock.now(),
      resource_type: 'session',
      resource_id: 's',
      details: { why: 'x' },
      ip_address: '192.0.2.1',
      user_agent: 'Browser/1',
      session_id: context.sessionId,
      request_id: 'request-1',
    });
  });

  it.each([
    `UPDATE audit_entries SET action = 'x'`,
    `UPDATE audit_entries SET details = '{}' WHERE false`,
    'DELETE FROM audit_entries',
    'DELETE FROM audit_entries WHERE false',
    'TRUNCATE audit_entries',
    `INSERT INTO audit_entries (sequence, occurred_at, action, outcome) VALUES (1, now(), 'x', 'success')`,
    `INSERT INTO audit_entries (id, occurred_at, action, outcome) SELECT id, now(), 'x', 'success' FROM audit_entries ON CONFLICT (id) DO UPDATE SET action = 'x'`,
    `INSERT INTO audit_entries (occurred_at, action, outcome) VALUES (now(), 'x', 'perhaps')`,
  ])('LOG-03: refuses %s', async (sql) => {
    await audit.record({ action: 'signed_out', actor });
    const before = await entries();
    await expect(test.database.rows(sql)).rejects.toThrow();
    expect(await entries()).toEqual(before);
  });

  it('LOG-02: keeps what someone put into names, agents and details as one entry', async () => {
    const odd = `x\r\n{"action":"forged"}\u001b[2J'); DROP TABLE audit_entries;--`;
    const before = (await entries()).length;
    await inRequest(
      { requestId: odd, address: odd, userAgent: odd, actor: { ...actor, displayName: odd } },
      () => audit.record({ action: 'sign_in.failed', outcome: 'failure', details: { [odd]: odd } }),
    );
    const after = await entries();
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toMatchObject({ actor_display_name: odd, user_agent: odd, details: { [odd]: odd } });
  });

  it('LOG-04: an act whose entry is lost did not happen, and the reverse', async () => {
    const before = (await entries()).length;
    const failing = test.database.transaction(async () => {
      await audit.record({ action: 'signed_out', actor });
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await entries()).toHaveLength(before);
  });

  it('numbers entries in the order in which they were written', async () => {
    await Promise.all(Array.from({ length: 20 }, () => audit.record({ action: 'signed_out', actor })));
    const sequences = (await entries()).map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
    expect(new Set(sequences).size).toBe(sequences.length);
  });
});
