import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

type GraphAnswer = Record<string, unknown> & { value: Record<string, string>[]; error: { code: string } };

describe('Microsoft Graph', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator();
  });
  beforeEach(() => azure.control('DELETE', ''));
  afterAll(() => azure.stop());

  const tokenFor = async (person: string, scope = 'User.Read GroupMember.Read.All') =>
    (await azure.tokensFor(person, scope)).access_token!;
  const get = async (path: string, token: string, init: RequestInit = {}) => {
    const url = path.replace(azure.httpsUrl, azure.httpUrl);
    const response = await fetch(new URL(url, azure.httpUrl), {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as GraphAnswer,
    };
  };

  it('gives the profile, and the department only to who selects it', async () => {
    const token = await tokenFor('adele');
    const standard = (await get('/v1.0/me', token)).body;
    expect(standard).toMatchObject({ displayName: 'Adele Vance', jobTitle: 'Head of Workplace IT' });
    expect(standard).not.toHaveProperty('department');
    const selected = (await get('/v1.0/me?$select=id,department', token)).body;
    expect(Object.keys(selected).toSorted()).toEqual(['@odata.context', 'department', 'id']);
    expect((await get('/v1.0/me?$select=shoeSize', token)).status).toBe(400);
  });

  it('pages through 250 groups by the next link', async () => {
    const token = await tokenFor('grace');
    const ids: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = '/v1.0/me/transitiveMemberOf/microsoft.graph.group?$select=id';
    while (next) {
      const { body }: { body: GraphAnswer } = await get(next, token);
      ids.push(...body.value.map((group) => group.id!));
      sizes.push(body.value.length);
      next = body['@odata.nextLink'] as string | undefined;
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(ids).size).toBe(250);
    expect((await get('/v1.0/me/memberOf?$top=999', token)).body.value).toHaveLength(250);
    expect((await get('/v1.0/me/memberOf?$top=1000', token)).status).toBe(400);
  });

  it('tells direct from nested groups, and groups from directory roles', async () => {
    const ulrich = await tokenFor('ulrich');
    const names = async (relation: string) =>
      (await get(`/v1.0/me/${relation}`, ulrich)).body.value.map((group) => group.displayName);
    expect(await names('memberOf')).toEqual(['Research']);
    expect(await names('transitiveMemberOf')).toEqual(['Research', 'Entrada Users']);
    const adele = await tokenFor('adele');
    const types = async (cast: string) =>
      (await get(`/v1.0/me/memberOf${cast}`, adele)).body.value.map((object) => object['@odata.type']);
    expect(await types('')).toContain('#microsoft.graph.directoryRole');
    expect(await types('/microsoft.graph.group')).toEqual(['#microsoft.graph.group']);
  });

  it('hides the names of groups from a token with User.Read alone', async () => {
    const { body } = await get('/v1.0/me/memberOf', await tokenFor('uma', 'User.Read'));
    expect(body.value[0]).toMatchObject({ id: expect.any(String) as string, displayName: null });
  });

  it('lists all group ids at once', async () => {
    const body = JSON.stringify({ securityEnabledOnly: true });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    const answer = await get('/v1.0/me/getMemberGroups', await tokenFor('grace'), init);
    expect(answer.body.value).toHaveLength(250);
  });

  it('refuses a missing, foreign, expired or too weak token', async () => {
    expect((await get('/v1.0/me', '')).status).toBe(401);
    const foreign = await tokenFor('uma', 'https://cognitiveservices.azure.com/.default');
    expect((await get('/v1.0/me', foreign)).body.error.code).toBe('InvalidAuthenticationToken');
    expect((await get('/v1.0/me', await tokenFor('uma', 'openid'))).status).toBe(403);
    await azure.pull({ tokens: { accessSeconds: -1 } });
    expect((await get('/v1.0/me', await tokenFor('uma'))).status).toBe(401);
  });

  it('puts out a disabled person whose token is still good', async () => {
    const token = await tokenFor('uma');
    await azure.control('PATCH', '/people/uma', { enabled: false });
    expect((await get('/v1.0/me', token)).status).toBe(401);
  });

  it('shows a change of groups at once', async () => {
    const token = await tokenFor('nora');
    await azure.control('PATCH', '/people/nora', { addGroups: ['Entrada Administrators'] });
    expect((await get('/v1.0/me/memberOf', token)).body.value[0]!.displayName).toBe('Entrada Administrators');
    await azure.control('PATCH', '/people/nora', { removeGroups: ['Entrada Administrators'] });
    expect((await get('/v1.0/me/memberOf', token)).body.value).toEqual([]);
  });

  it('throttles, and asks for claims, when a test wants it', async () => {
    const token = await tokenFor('uma');
    await azure.pull({ faults: { graph: [{ status: 429, code: 'TooManyRequests', retryAfter: 3 }] } });
    const throttled = await get('/v1.0/me', token);
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3']);
    await azure.pull({ conditionalAccess: [{ at: 'graph', person: 'uma' }] });
    const challenged = await get('/v1.0/me', token);
    expect(challenged.headers.get('www-authenticate')).toMatch(
      /error="insufficient_claims", claims="[\w+/=]+"/,
    );
    const { access_token } = await azure.tokensFor('uma', 'User.Read', { contexts: ['c1'] });
    expect((await get('/v1.0/me', access_token!)).status).toBe(200);
  });
});
