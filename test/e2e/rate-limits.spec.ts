import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Problem } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';

/** How many device sign-ins one address may begin in a minute. */
const perMinute = 60;

describe('API-04, DEV-08, advisory 13: how much one address may ask', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack({ TRUSTED_PROXIES: '127.0.0.1,::1' }, { isDirect: true });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  afterEach(() => database.query('DELETE FROM sign_in_attempts'));

  const begin = (address: string) =>
    stack.visitor().post<Problem>('/api/auth/device', {}, { 'x-forwarded-for': address });
  const statuses = async (addresses: string[]) =>
    (await Promise.all(addresses.map(begin))).map(({ status }) => status);
  const times = <Item>(count: number, item: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => item(index));
  const hex = (index: number) => (index + 1).toString(16);

  it('an IPv6 network counts as one address, however its addresses are chosen and spelled', async () => {
    const first = await statuses(
      times(perMinute - 1, (index) => `2001:db8:1:2:${hex(index)}::${hex(index)}`),
    );
    expect(new Set(first)).toEqual(new Set([201]));
    // Of two at once that could both be the last one, one is.
    expect((await statuses(['2001:DB8:1:2::7', '2001:0db8:0001:0002:0:0:0:8'])).toSorted()).toEqual([
      201, 429,
    ]);
    for (const spelling of [
      '2001:db8:1:2::',
      '2001:DB8:1:2:ffff:ffff:ffff:ffff',
      '[2001:db8:1:2::1]:4711',
      '2001:db8:1:2::1.2.3.4',
    ])
      expect([spelling, (await begin(spelling)).status]).toEqual([spelling, 429]);
    expect((await begin('2001:db8:1:3::1')).status).toBe(201);
  });

  it('says exactly how long to wait', async () => {
    const begun = performance.now();
    await statuses(times(perMinute, () => '192.0.2.1'));
    const { status, headers, body } = await begin('192.0.2.1');
    const passedSeconds = (performance.now() - begun) / 1000;
    expect(status).toBe(429);
    expect(body).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: Number(headers.get('retry-after')),
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(Math.floor(60 - passedSeconds));
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('an IPv4 address is the same one when it is written as IPv6', async () => {
    await statuses(times(perMinute, () => '192.0.2.2'));
    for (const spelling of ['::ffff:192.0.2.2', '::ffff:c000:202', '::FFFF:192.0.2.2'])
      expect([spelling, (await begin(spelling)).status]).toEqual([spelling, 429]);
  });

  it('a port behind the address, as Azure Application Gateway writes it, is no part of it', async () => {
    await statuses(times(perMinute, (index) => `192.0.2.3:${4000 + index}`));
    expect((await begin('192.0.2.3')).status).toBe(429);
    const visitor = stack.visitor();
    const forwarded = { 'x-forwarded-for': '[2001:db8:1:4::1]:4711' };
    const { headers } = await visitor.get('/api/auth/login', forwarded);
    const back = await stack.azure.approveSignIn(headers.get('location') ?? '', 'uma');
    expect((await visitor.get(back.pathname + back.search, forwarded)).headers.get('location')).toBe('/');
    const { rows } = await database.query('SELECT host(first_address) AS address FROM sessions');
    expect(rows).toEqual([{ address: '2001:db8:1:4::1' }]);
  });

  it('what a caller writes in front of what our proxy adds counts for nothing', async () => {
    const forged = times(perMinute + 1, (index) => `10.0.0.${index}, 198.51.100.1`);
    expect((await statuses(forged)).filter((status) => status === 429)).toHaveLength(1);
  });

  it('nor does anything that a caller writes where no proxy is trusted', async () => {
    await stack.restartApi('SIGTERM', { TRUSTED_PROXIES: '' });
    const refused = (await statuses(times(perMinute + 5, (index) => `203.0.113.${index}`))).filter(
      (status) => status === 429,
    );
    await stack.restartApi();
    expect(refused).toHaveLength(5);
  });

  it('DEV-08: guesses of somebody else’s sign-in are soon refused', async () => {
    const guess = () =>
      stack.visitor().get(`/api/auth/device/${randomUUID()}`, { 'x-forwarded-for': '192.0.2.9' });
    const answers: number[] = [];
    for (let round = 0; round < 13; round += 1)
      answers.push(...(await Promise.all(times(50, guess))).map(({ status }) => status));
    expect(new Set(answers)).toEqual(new Set([404, 429]));
    expect(answers.filter((status) => status === 404)).toHaveLength(600);
  });
});
