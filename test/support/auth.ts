/** A usable configuration of auth for specs, without the environment. */
import { type AuthEnvironment, authEnvironment } from '../../libs/auth/src/config/auth-environment.ts';
import { AuthConfig } from '../../libs/auth/src/config/auth-config.ts';
import { type EnvironmentFault, readSlice } from '#platform';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const clientId = '22222222-2222-4222-8222-222222222222';
export const authorityHost = 'https://login.example.test';

export function authConfig(changes: Partial<AuthEnvironment> = {}, publicUrl = 'https://chat.example.test') {
  const faults: EnvironmentFault[] = [];
  const values = readSlice(
    authEnvironment,
    {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: 'a-secret-of-no-value',
      AZURE_AUTHORITY_HOST: authorityHost,
      GRAPH_URL: 'https://graph.example.test',
    },
    faults,
  );
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return new AuthConfig({ ...values, ...changes }, publicUrl);
}
