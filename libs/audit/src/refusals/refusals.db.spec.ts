import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRequest, type RequestContext } from '#platform';
import { openAudit, type OpenAudit, uma } from '../../test/audit-kit.ts';
import { Refusals } from './refusals.ts';

describe('LOG-01: a flood of refusals', () => {
  let log: OpenAudit;
  let refusals: Refusals;
  beforeAll(async () => {
    log = await openAudit();
    refusals = new Refusals(log.audit, log.clock, log.metrics);
  });
  afterAll(() => log.close());
  const request = (changes: Partial<RequestContext>): RequestContext => ({
    requestId: 'request',
    address: '192.0.2.1',
    userAgent: 'Browser/1',
    ...changes,
  });
  const entries = () =>
    log.database.rows<{ details: { count?: number; code: string } }>(
      'SELECT * FROM audit_entries ORDER BY sequence',
    );

  it('of one person is two entries: the first, and how many followed', async () => {
    const one = (requestId: string) =>
      inRequest(request({ requestId, actor: uma }), () =>
        refusals.note('forbidden', 'DELETE /api/admin/users/:id', { type: 'user', id: 'x' }),
      );
    for (let index = 0; index < 5_000; index += 1) await one(`request-${index}`);
    expect(await entries()).toMatchObject([
      {
        action: 'access.denied',
        outcome: 'failure',
        actor_id: uma.id,
        request_id: 'request-0',
        resource_id: 'x',
        details: { code: 'forbidden', call: 'DELETE /api/admin/users/:id' },
      },
    ]);
    log.clock.advanceSeconds(61);
    await refusals.look();
    expect((await entries()).slice(1)).toMatchObject([
      { actor_id: uma.id, request_id: 'request-4999', ip_address: '192.0.2.1', details: { count: 4_999 } },
    ]);
  });

  it('from ever new addresses cannot fill the disk', async () => {
    const before = (await entries()).length;
    for (let index = 0; index < 5_000; index += 1) {
      const address = `2001:db8::${index.toString(16)}`;
      await inRequest(request({ address }), () => refusals.note('rate_limited', 'GET /api/auth/login'));
    }
    await refusals.beforeApplicationShutdown();
    const written = (await entries()).slice(before);
    expect(written).toHaveLength(501);
    expect(written.at(-1)).toMatchObject({
      actor_id: null,
      ip_address: null,
      details: { code: 'rate_limited', call: '*', count: 4_500 },
    });
  });

  it('LOG-04: stays refused where it cannot be recorded', async () => {
    await log.database.rows(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
       CREATE TRIGGER fault BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    await expect(refusals.note('forbidden', 'GET /other')).resolves.toBeUndefined();
    await log.database.rows('DROP TRIGGER fault ON audit_entries');
  });
});
