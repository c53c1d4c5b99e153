import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock } from '#platform/testing';
import { openTestDatabase, type OpenTestDatabase } from '../../../test/support/database.ts';
import { AuditFigures } from './audit-figures.ts';
import { AuditLog, type AuditRecord } from './audit-log.ts';
import { auditEntities } from './index.ts';

let test: OpenTestDatabase;
let figures: AuditFigures;
const clock = new FakeClock(new Date('2026-02-27T23:59:59.999Z'));
beforeAll(async () => {
  test = await openTestDatabase(auditEntities);
  figures = new AuditFigures(test.database);
  const audit = new AuditLog(test.database, clock);
  const signedIn = (method: string): AuditRecord => ({ action: 'sign_in.succeeded', details: { method } });
  const failed: AuditRecord = { action: 'sign_in.failed', outcome: 'failure', details: { code: 'no_role' } };
  const refused: AuditRecord = {
    action: 'azure_token.refresh_failed',
    outcome: 'failure',
    details: { reason: 'blocked' },
  };
  const untold: AuditRecord = { action: 'access.denied', outcome: 'failure', details: { count: 'many' } };
  const again: AuditRecord = { action: 'access.denied', outcome: 'failure', details: { count: 40 } };
  const evening = [signedIn('device_code'), failed, refused];
  const night = [signedIn('device_code'), signedIn('device_code'), signedIn('api_bearer'), failed, failed];
  for (const record of evening) await audit.record(record);
  clock.advanceSeconds(0.001);
  for (const record of [...night, untold, again, { action: 'signed_out' } as const])
    await audit.record(record);
});
afterAll(() => test.close());

const sorted = <Row>(rows: Row[]): Row[] =>
  rows.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));

it('counts sign-ins by day and method; a day begins at midnight UTC, whatever the session’s zone', async () => {
  const today = [
    { day: '2026-02-28', method: 'api_bearer', count: 1 },
    { day: '2026-02-28', method: 'device_code', count: 2 },
  ];
  await test.database.transaction(async () => {
    await test.database.rows(`SET LOCAL TIME ZONE 'Pacific/Auckland'`);
    expect(sorted(await figures.signIns('2026-02-28'))).toEqual(today);
    expect(sorted(await figures.signIns('2026-02-27'))).toEqual([
      { day: '2026-02-27', method: 'device_code', count: 1 },
      ...today,
    ]);
  });
});

it('counts what failed by day, act and reason', async () => {
  expect(sorted(await figures.failures('2026-02-27'))).toEqual([
    { day: '2026-02-27', action: 'azure_token.refresh_failed', code: 'blocked', count: 1 },
    { day: '2026-02-27', action: 'sign_in.failed', code: 'no_role', count: 1 },
    { day: '2026-02-28', action: 'access.denied', code: null, count: 41 },
    { day: '2026-02-28', action: 'sign_in.failed', code: 'no_role', count: 2 },
  ]);
});
