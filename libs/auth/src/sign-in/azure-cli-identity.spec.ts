import { expect, it } from 'vitest';
import { AppError } from '#platform';
import { authConfig, tenantId } from '../../../../test/support/auth.ts';
import { umaId } from '../../../../test/support/fake-az.ts';
import { AuthConfig } from '../config/auth-config.ts';
import type { Graph } from '../entra/graph.ts';
import { AzureCliIdentity } from './azure-cli-identity.ts';

const group = '9a0b0000-0000-4000-8000-00000000b503';
const otherTenant = '44444444-4444-4444-8444-444444444444';
const other = '55555555-5555-4555-8555-555555555555';
const proof = { signedInUserId: umaId, graphToken: 'graph-token', openAiToken: 'transient' } as const;

/** Graph as it would be for this token. */
function identityWith({
  id = umaId,
  tenant = tenantId,
  groups = async () => [group],
  allowed = [] as string[],
}: { id?: string; tenant?: string; groups?: () => Promise<string[]>; allowed?: string[] } = {}) {
  const asked: string[] = [];
  const answering =
    <Answer>(answer: () => Answer) =>
    async (token: string) => {
      asked.push(token);
      return answer();
    };
  const graph = {
    profile: answering(() => ({ id, displayName: 'Uma Patel', mail: 'uma@example.test', department: null })),
    tenantId: answering(() => tenant),
    groups: answering(groups),
  } as unknown as Graph;
  const config = authConfig({ ROLE_MAPPINGS: [{ group, role: 'user' }], ALLOWED_TENANTS: allowed });
  const azureCli = { tenantId, binDir: '/bin', environment: {} };
  const identity = new AzureCliIdentity({ ...config, azureCli } as AuthConfig, graph);
  return { asked, verified: identity.verify(proof) };
}

it('is who Graph says the token is, with the roles of all groups', async () => {
  const { asked, verified } = identityWith({ id: umaId.toUpperCase() });
  expect(await verified).toEqual({
    method: 'azure_cli',
    person: {
      tenantId,
      objectId: umaId,
      email: 'uma@example.test',
      displayName: 'Uma Patel',
      firstName: null,
      lastName: null,
      department: null,
      jobTitle: null,
      roles: ['user'],
      rolesByDefault: false,
      standing: { groups: ['9a0b0000-0000-4000-8000-00000000b503'], appRoles: [] },
    },
    authenticatedAt: null,
    entraSessionId: null,
    credentials: { client: 'azure_cli', cache: '', token: 'transient' },
  });
  expect(new Set(asked)).toEqual(new Set(['graph-token']));
});

it.each([
  ['another person than az says', { id: other }, 'sign_in_failed'],
  ['of another tenant', { tenant: otherTenant }, 'sign_in_failed'],
  [
    'of an allowed tenant that az did not sign in at',
    { tenant: otherTenant, allowed: [tenantId, otherTenant] },
    'sign_in_failed',
  ],
  ['of a tenant that is not allowed', { allowed: [otherTenant] }, 'sign_in_failed'],
  [
    'in groups that are not known completely',
    { groups: () => Promise.reject(new AppError('sign_in_unavailable')) },
    'sign_in_unavailable',
  ],
])('OID-10: nobody gets in who is %s', async (_who, changes, code) => {
  await expect(identityWith(changes).verified).rejects.toMatchObject({ code });
});
