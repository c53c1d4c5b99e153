import { describe, expect, it } from 'vitest';
import { authorityHost, clientId, tenantId } from '../../../../test/support/auth.ts';
import { bearerOf, issuersOf } from './access-token-claims.ts';

const oid = '33333333-3333-4333-8333-333333333333';
const other = '44444444-4444-4444-8444-444444444444';
const version2 = {
  iss: `${authorityHost}/${tenantId}/v2.0`,
  tid: tenantId,
  oid,
  iat: 1_799_996_400,
  exp: 1_800_000_000,
  scp: 'access_as_user',
  azp: clientId,
};
const version1 = {
  iss: `https://sts.windows.net/${tenantId}/`,
  tid: tenantId,
  oid,
  iat: 1_799_996_400,
  exp: 1_800_000_000,
  scp: 'access_as_user',
  appid: clientId,
  idtyp: 'user',
};
const rules = { tenants: [tenantId], authorityHost };
const read = (claims: unknown) => bearerOf(claims, rules);

describe('the claims of an access token', () => {
  it.each([
    ['version 1', version1],
    ['version 2', version2],
    ['ids in capitals', { ...version2, oid: oid.toUpperCase(), tid: tenantId.toUpperCase() }],
    ['several scopes', { ...version2, scp: 'User.Read access_as_user' }],
  ])('name a person: %s', (_, claims) => {
    expect(read(claims)).toEqual({
      tenantId,
      objectId: oid,
      clientId,
      issuedAt: new Date('2027-01-15T07:00:00Z'),
      expiresAt: new Date('2027-01-15T08:00:00Z'),
    });
  });

  it('need not name the application', () => {
    expect(read({ ...version2, azp: undefined }).clientId).toBeNull();
  });

  it.each<[string, object | null | string]>([
    ['nothing', null],
    ['a text', 'claims'],
    ['no tenant', { ...version2, tid: undefined }],
    ['a tenant by name', { ...version2, tid: 'contoso.com' }],
    [
      'another tenant, in order by itself',
      { ...version2, tid: other, iss: `${authorityHost}/${other}/v2.0` },
    ],
    ['another tenant’s issuer', { ...version2, iss: `${authorityHost}/${other}/v2.0` }],
    ['another tenant’s issuer of version 1', { ...version1, iss: `https://sts.windows.net/${other}/` }],
    ['an issuer elsewhere', { ...version2, iss: `https://evil.example/${tenantId}/v2.0` }],
    ['an issuer with more behind it', { ...version2, iss: `${version2.iss}/evil` }],
    ['an issuer that is a list', { ...version2, iss: [version2.iss] }],
    ['no time of issue', { ...version2, iat: undefined }],
    ['a life of weeks', { ...version2, iat: version2.exp - 14 * 86_400 }],
    ['no person', { ...version2, oid: undefined }],
    ['a person by address', { ...version2, oid: 'uma@example.test' }],
    ['no scope, as in ID tokens', { ...version2, scp: undefined }],
    ['another scope', { ...version2, scp: 'Files.Read' }],
    ['a longer scope', { ...version2, scp: 'access_as_user.all xaccess_as_user' }],
    ['the scope in capitals', { ...version2, scp: 'ACCESS_AS_USER' }],
    ['scopes as a list', { ...version2, scp: ['access_as_user'] }],
    ['a role of that name', { ...version2, scp: undefined, roles: ['access_as_user'] }],
    ['an application', { ...version2, idtyp: 'app' }],
    ['a device', { ...version2, idtyp: 'device' }],
    ['no end', { ...version2, exp: undefined }],
  ])('name nobody for us: %s', (_, claims) => {
    expect(() => read(claims)).toThrow();
  });

  it('may come from each allowed tenant, and then from its own issuer alone', () => {
    const both = { tenants: [tenantId, other], authorityHost };
    const guest = { ...version2, tid: other, iss: `${authorityHost}/${other}/v2.0` };
    expect(bearerOf(guest, both).tenantId).toBe(other);
    expect(() => bearerOf({ ...guest, iss: version2.iss }, both)).toThrow('iss is not the tenant');
  });

  it.each([
    ['https://login.microsoftonline.com', `https://sts.windows.net/${tenantId}/`],
    ['https://login.microsoftonline.us', `https://sts.windows.net/${tenantId}/`],
    ['https://login.partner.microsoftonline.cn', `https://sts.chinacloudapi.cn/${tenantId}/`],
  ])('of version 1 come, where %s is asked, from %s', (host, issuer) => {
    expect(issuersOf(tenantId, host)).toEqual([`${host}/${tenantId}/v2.0`, issuer]);
  });
});
