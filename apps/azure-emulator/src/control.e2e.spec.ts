import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

describe('the levers', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator();
  });
  beforeEach(() => azure.control('DELETE', ''));
  afterAll(() => azure.stop());

  const levers = async () => (await azure.control('GET', '')).json();
  const discovery = () => fetch(`${azure.httpUrl}/${azure.tenantId}/v2.0/.well-known/openid-configuration`);

  it('go back to where they were', async () => {
    const before = await levers();
    await azure.pull({ tokens: { accessSeconds: 5 }, down: ['graph'] });
    await azure.control('PATCH', '/people/uma', { enabled: false, addGroups: ['Entrada Administrators'] });
    expect(await levers()).not.toEqual(before);
    await azure.control('DELETE', '');
    expect(await levers()).toEqual(before);
    const people = (await (await azure.control('GET', '/people')).json()) as {
      alias: string;
      enabled: boolean;
    }[];
    expect(people.find(({ alias }) => alias === 'uma')!.enabled).toBe(true);
    expect(await azure.log()).toEqual([]);
  });

  it.each([
    [{ tokens: { acessSeconds: 5 } }],
    [{ down: ['everything'] }],
    [{ faults: { openai: [{ kind: 'explode' }] } }],
    [[]],
  ])('do not accept %o', async (change) => {
    const response = await azure.control('PATCH', '', change);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('error');
  });

  it('know who is meant by alias, id or address, and say when nobody is', async () => {
    for (const name of ['uma', '0b1ec700-0000-4000-8000-000000000003', 'Uma.Patel@contoso.com']) {
      expect((await azure.control('POST', `/people/${name}/revoke`)).status).toBe(204);
    }
    expect((await azure.control('POST', '/people/nobody/revoke')).status).toBe(404);
  });

  it('make a part slow, or take it down', async () => {
    await azure.pull({ latency: { discovery: 120 } });
    const startedAt = performance.now();
    await discovery();
    expect(performance.now() - startedAt).toBeGreaterThan(110);
    await azure.pull({ down: ['discovery'] });
    await expect(discovery()).rejects.toThrow();
    await azure.pull({ down: [] });
    expect((await discovery()).status).toBe(200);
  });

  it('change the metadata', async () => {
    await azure.pull({ discovery: { set: { issuer: 'https://elsewhere.example' }, remove: ['jwks_uri'] } });
    const metadata = await (await discovery()).json();
    expect(metadata).toMatchObject({ issuer: 'https://elsewhere.example' });
    expect(metadata).not.toHaveProperty('jwks_uri');
  });

  it('are for the http side only', async () => {
    const { request } = await import('node:https');
    const status = await new Promise((resolve) => {
      request(`${azure.httpsUrl}/_control`, { ca: azure.ca }, (response) =>
        resolve(response.statusCode),
      ).end();
    });
    expect(status).toBe(404);
  });
});
