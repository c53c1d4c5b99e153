import type { Cloud } from '../cloud.ts';
import {
  appResource,
  GRAPH,
  OIDC_SCOPES,
  RESOURCES,
  type Registration,
  type Resource,
} from '../registrations.ts';
import { refuse } from './errors.ts';

/** What one access token is to be good for. */
export interface AccessRequest {
  resource: Resource;
  permissions: string[];
  /** As the answer's `scope` repeats it; clients find tokens in their caches by it. */
  echo: string[];
}

export interface ScopeRequest {
  oidc: string[];
  access: AccessRequest[];
}

export function readScopes(
  cloud: Cloud,
  registration: Registration,
  scope: string | undefined,
): ScopeRequest {
  const words = (scope ?? '').split(' ').filter(Boolean);
  if (words.length === 0) throw refuse('scopeMissing');
  const oidc = words.filter((word) => OIDC_SCOPES.includes(word));
  const asked = new Map<string, { resource: Resource; scopes: string[] }>();
  for (const word of words.filter((candidate) => !OIDC_SCOPES.includes(candidate))) {
    const resource = requireResource(cloud, registration, word);
    const known = asked.get(resource.name)?.scopes ?? [];
    asked.set(resource.name, { resource, scopes: [...known, word] });
  }
  const access = [...asked.values()].map(({ resource, scopes }) => askedOf(registration, resource, scopes));
  return { oidc, access: access.length > 0 ? access : [graphFor(oidc)] };
}

export function requireOneResource(scopes: ScopeRequest): AccessRequest {
  const [first, second] = scopes.access;
  if (second) throw refuse('severalResources', second.echo.join(' '));
  return first!;
}

function requireResource(cloud: Cloud, registration: Registration, scope: string): Resource {
  const slash = scope.lastIndexOf('/');
  // A scope without a resource is Graph's. The Azure CLI writes two slashes where the audience ends in one.
  const identifier = slash < 0 ? 'https://graph.microsoft.com' : scope.slice(0, slash).replace(/\/+$/, '');
  const app = cloud.registrations()[0]!;
  const resources = [...RESOURCES, appResource(app.clientId, cloud.levers.tokens.apiVersion)];
  const resource = resources.find((candidate) => candidate.identifiers.includes(identifier.toLowerCase()));
  if (!resource) throw refuse('resourceUnknown', identifier);
  if (!registration.permissions[resource.name]) throw refuse('consentRequired', scope);
  return resource;
}

function askedOf(registration: Registration, resource: Resource, asked: string[]): AccessRequest {
  const granted = registration.permissions[resource.name]!;
  const permissions = asked.flatMap((scope) => {
    const name = scope.slice(scope.lastIndexOf('/') + 1);
    if (name === '.default') return granted;
    const permission = granted.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (!permission) throw refuse('consentRequired', scope);
    return permission;
  });
  const qualified = permissions.map((name) => `${resource.identifiers[0]}/${name}`);
  return { resource, permissions: unique(permissions), echo: unique([...qualified, ...asked]) };
}

/** Somebody who only wants an ID token still gets an access token, for Graph's userinfo. */
function graphFor(oidc: string[]): AccessRequest {
  const permissions = oidc.filter((scope) => scope !== 'offline_access');
  return { resource: RESOURCES.find(({ name }) => name === GRAPH)!, permissions, echo: permissions };
}

function unique(words: string[]): string[] {
  return [...new Set(words)];
}
