import { describe, expect, it } from 'vitest';
import type { Cloud } from '../cloud.ts';
import { leversSchema } from '../levers.ts';
import { registrationsFor } from '../registrations.ts';
import { readScopes, requireOneResource } from './scopes.ts';

const [entrada, azureCli] = registrationsFor({
  clientId: 'the-app',
  secrets: ['secret'],
  certificate: null,
  redirectUris: [],
  logoutUrl: null,
});
const cloud = {
  registrations: () => [entrada!, azureCli!],
  levers: leversSchema.parse({}),
} as unknown as Cloud;
const access = (scope: string, registration = entrada!) =>
  requireOneResource(readScopes(cloud, registration, scope));

describe('reading scopes', () => {
  it.each([
    ['User.Read', 'https://graph.microsoft.com', 'User.Read'],
    ['https://graph.microsoft.com/user.read', 'https://graph.microsoft.com', 'User.Read'],
    ['openid profile offline_access', 'https://graph.microsoft.com', 'openid profile'],
    [
      'https://cognitiveservices.azure.com/.default',
      'https://cognitiveservices.azure.com',
      'user_impersonation',
    ],
    ['api://the-app/access_as_user openid', 'the-app', 'access_as_user'],
  ])('%s is for %s with %s', (scope, audience, permissions) => {
    expect(access(scope).resource.audience).toBe(audience);
    expect(access(scope).permissions.join(' ')).toBe(permissions);
  });

  it('understands the two slashes of the Azure CLI', () => {
    const { resource } = access('https://management.core.windows.net//.default', azureCli);
    expect(resource.audience).toBe('https://management.core.windows.net/');
  });

  it('repeats what was asked for, because clients look for it in their caches', () => {
    expect(access('https://cognitiveservices.azure.com/.default').echo).toEqual([
      'https://cognitiveservices.azure.com/user_impersonation',
      'https://cognitiveservices.azure.com/.default',
    ]);
  });

  it.each([
    ['User.Read https://cognitiveservices.azure.com/.default', 'AADSTS28000'],
    ['Mail.Read', 'AADSTS65001'],
    ['https://management.azure.com/.default', 'AADSTS65001'],
    ['https://nowhere.example/.default', 'AADSTS500011'],
    ['', 'AADSTS900144'],
  ])('refuses “%s” with %s', (scope, code) => {
    expect(() => access(scope)).toThrow(code);
  });

  it('lets somebody consent to several resources at once', () => {
    const both = readScopes(cloud, entrada!, 'User.Read https://cognitiveservices.azure.com/.default');
    expect(both.access.map(({ resource }) => resource.name)).toEqual([
      'Microsoft Graph',
      'Azure Cognitive Services',
    ]);
  });
});
