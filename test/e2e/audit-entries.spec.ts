import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { complete, untilStatus } from '../support/device.ts';
import { type Stack, startStack } from '../support/stack.ts';

interface Entry {
  action: string;
  outcome: string;
  actor_email: string | null;
  actor_id: string | null;
  ip_address: string | null;
  user_agent: string | null;
  request_id: string | null;
  details: Record<string, unknown>;
  occurred_at: Date;
}

describe('LOG-01: the audit log', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack();
    await stack.azure.set({ device: { interval: 0.3 } });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  afterEach(async () => {
    await stack.azure.reset();
    await stack.azure.set({ device: { interval: 0.3 } });
  });

  /** What is recorded while something happens. */
  async function during(work: () => Promise<unknown>): Promise<Entry[]> {
    const { rows } = await database.query<{ last: string | null }>(
      'SELECT max(sequence) AS last FROM audit_entries',
    );
    await work();
    return (
      await database.query<Entry>('SELECT * FROM audit_entries WHERE sequence > $1 ORDER BY sequence', [
        rows[0]?.last ?? 0,
      ])
    ).rows;
  }
  const lines = (entries: Entry[]) =>
    entries.map(({ action, outcome, actor_email: who, details }) => [
      action,
      outcome,
      who,
      details.code ?? details.why ?? details.method,
    ]);
  const uma = 'uma.patel@contoso.com';

  it('says who signed in and out, how, when, from where and with what', async () => {
    const visitor = stack.visitor();
    const entries = await during(async () => {
      await visitor.signIn(stack.azure, 'uma');
      await visitor.post('/api/auth/logout', undefined, { 'user-agent': 'node' });
    });
    expect(lines(entries)).toEqual([
      ['user.created', 'success', uma, undefined],
      ['sign_in.succeeded', 'success', uma, 'authorization_code'],
      ['signed_out', 'success', uma, 'signed_out'],
      ['azure_token.wiped', 'success', uma, 'last_session_ended'],
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        ip_address: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
        user_agent: 'node',
        request_id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      });
      expect(Math.abs(Date.now() - entry.occurred_at.getTime())).toBeLessThan(60_000);
    }
  });

  it('says who signed in again, and that the session before ended', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    expect(lines(await during(() => visitor.signIn(stack.azure, 'uma')))).toEqual([
      expect.arrayContaining(['session.ended', 'success', 'replaced']),
      ['sign_in.succeeded', 'success', uma, 'authorization_code'],
    ]);
  });

  it.each([
    ['nora', 'no_role', { email: 'nora.lindqvist@contoso.com' }],
    ['grace', 'sign_in_failed', {}],
    ['viktor', 'sign_in_unavailable', {}],
  ])('says that %s did not get in: %s', async (person, code, details) => {
    if (person === 'grace') await stack.azure.set({ idTokens: [{ sign: 'none' }] });
    if (person === 'viktor') await stack.azure.set({ faults: { graph: [{ status: 503 }] } });
    const entries = await during(() => stack.visitor().signIn(stack.azure, person));
    expect(entries).toMatchObject([
      {
        action: 'sign_in.failed',
        outcome: 'failure',
        details: { method: 'authorization_code', code, ...details },
      },
    ]);
  });

  it('says which of our people did not get in because they are disabled', async () => {
    await stack.visitor().signIn(stack.azure, 'ulrich');
    await database.query(`UPDATE users SET is_active = false WHERE email = 'ulrich.brandt@contoso.com'`);
    const entries = await during(() => stack.visitor().signIn(stack.azure, 'ulrich'));
    expect(lines(entries)).toEqual([
      ['sign_in.failed', 'failure', 'ulrich.brandt@contoso.com', 'account_disabled'],
    ]);
    expect(entries[0]?.actor_id).not.toBeNull();
  });

  it('says that an answer was replayed, forged or refused by the person', async () => {
    const visitor = stack.visitor();
    const entries = await during(async () => {
      await stack.visitor().get('/api/auth/callback?code=x&state=forged');
      const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'uma', {
        decision: 'cancel',
      });
      await visitor.get(back.pathname + back.search);
      await visitor.get(back.pathname + back.search);
    });
    expect(entries.map(({ details }) => details.code)).toEqual([
      'sign_in_expired',
      'sign_in_cancelled',
      'sign_in_expired',
    ]);
  });

  it('DEV-10: says how a device sign-in ended, with the address of the browser that began it', async () => {
    const [one, other] = [stack.visitor(), stack.visitor()];
    const entries = await during(async () => {
      const approved = await one.beginDevice();
      await stack.azure.answerDeviceCode(approved.userCode, 'uma');
      const declined = await other.beginDevice();
      await stack.azure.answerDeviceCode(declined.userCode, 'uma', 'decline');
      await untilStatus(one, approved, 'approved');
      await untilStatus(other, declined, 'declined');
      await complete(one, approved);
    });
    expect(lines(entries)).toEqual([
      ['sign_in.failed', 'failure', null, 'sign_in_cancelled'],
      ['sign_in.succeeded', 'success', uma, 'device_code'],
    ]);
    expect(entries[0]).toMatchObject({
      ip_address: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
      resource_type: 'sign_in_attempt',
    });
  });

  it('LOG-02: keeps whatever a browser calls itself as one entry', async () => {
    const visitor = stack.visitor();
    const agent = `x\t"}{"action":"forged"}\u009b2J'); DROP TABLE users;--${'a'.repeat(3_000)}`;
    const entries = await during(() => visitor.get('/api/auth/callback?state=x', { 'user-agent': agent }));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.action).toBe('sign_in.failed');
  });

  it('says who tried what they may not', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'viktor');
    const entries = await during(async () => {
      await visitor.post('/api/chat/conversations', {});
      await visitor.post('/api/auth/refresh', undefined, { 'x-csrf-token': 'forged' });
    });
    expect(entries).toMatchObject([
      {
        action: 'access.denied',
        outcome: 'failure',
        actor_email: 'viktor.holm@contoso.com',
        details: { code: 'forbidden', call: 'POST /api/chat/conversations' },
      },
      {
        action: 'access.denied',
        outcome: 'failure',
        actor_email: 'viktor.holm@contoso.com',
        details: { code: 'csrf_failed', call: 'POST /api/auth/refresh' },
      },
    ]);
  });
});
