import { createHash, randomBytes } from 'node:crypto';
import { issuerOf } from '../addresses.ts';
import type { Site } from '../cloud.ts';
import { TENANT, type Person } from '../people.ts';
import type { Registration } from '../registrations.ts';
import type { Grant } from './grant.ts';
import type { AccessRequest } from './scopes.ts';

export interface TokenSubject {
  person: Person;
  registration: Registration;
  grant: Grant;
  handlesChallenges: boolean;
}

// A JWT carries no more groups than this; above, it says where to ask.
const MOST_GROUPS = 200;

export function idTokenClaims(site: Site, subject: TokenSubject, nonce: string | undefined) {
  const { person, registration, grant } = subject;
  return {
    ver: '2.0',
    iss: issuerOf(site.addresses),
    aud: registration.clientId,
    ...validity(site, site.cloud.levers.tokens.idSeconds),
    ...identity(person, registration.clientId),
    preferred_username: person.homeTenantId ? person.mail : person.userPrincipalName,
    email: person.mail,
    sid: grant.sessionId,
    auth_time: Math.floor(grant.grantedAt / 1000),
    ...(nonce && { nonce }),
    ...memberships(site, person),
    ...(grant.contexts.length > 0 && { acrs: grant.contexts }),
    ...marks(),
  };
}

export function accessTokenClaims(site: Site, subject: TokenSubject, access: AccessRequest) {
  const { person, registration, grant } = subject;
  const { resource } = access;
  const shared = {
    aud: resource.audience,
    ...validity(site, site.cloud.levers.tokens.accessSeconds),
    ...identity(person, resource.appId),
    scp: access.permissions.join(' '),
    sid: grant.sessionId,
    ...(grant.contexts.length > 0 && { acrs: grant.contexts }),
    ...(subject.handlesChallenges && { xms_cc: ['cp1'] }),
    ...marks(),
  };
  return resource.tokenVersion === 2
    ? {
        ...shared,
        ver: '2.0',
        iss: issuerOf(site.addresses),
        azp: registration.clientId,
        azpacr: grant.confidential ? '1' : '0',
        preferred_username: person.userPrincipalName,
        ...memberships(site, person),
      }
    : {
        ...shared,
        ver: '1.0',
        iss: `https://sts.windows.net/${TENANT.id}/`,
        appid: registration.clientId,
        appidacr: grant.confidential ? '1' : '0',
        app_displayname: registration.name,
        amr: grant.methods,
        idtyp: 'user',
        upn: person.userPrincipalName,
        unique_name: person.userPrincipalName,
        given_name: person.givenName,
        family_name: person.surname,
      };
}

export function appTokenClaims(site: Site, registration: Registration, access: AccessRequest) {
  const { resource } = access;
  return {
    aud: resource.audience,
    iss: resource.tokenVersion === 2 ? issuerOf(site.addresses) : `https://sts.windows.net/${TENANT.id}/`,
    ...validity(site, site.cloud.levers.tokens.accessSeconds),
    ver: `${resource.tokenVersion}.0`,
    tid: TENANT.id,
    appid: registration.clientId,
    azp: registration.clientId,
    idtyp: 'app',
    roles: [],
    ...marks(),
  };
}

function validity({ cloud }: Site, seconds: number) {
  const issuedAt = Math.floor(cloud.now() / 1000);
  return { iat: issuedAt, nbf: issuedAt, exp: issuedAt + seconds };
}

function identity(person: Person, audienceId: string) {
  return {
    tid: TENANT.id,
    oid: person.id,
    sub: pairwiseSubject(person, audienceId),
    name: person.displayName,
    ...(person.homeTenantId && { idp: `https://sts.windows.net/${person.homeTenantId}/` }),
  };
}

/** `sub` differs from app to app, so that apps cannot compare notes; `oid` does not. */
export function pairwiseSubject(person: Person, audienceId: string): string {
  return createHash('sha256').update(`${person.id} ${audienceId}`).digest('base64url');
}

function memberships({ cloud }: Site, person: Person) {
  const groups = cloud.directory.allGroups(person).map((group) => group.id);
  const roles = person.appRoles.length > 0 ? { roles: person.appRoles } : {};
  if (groups.length === 0) return roles;
  if (groups.length <= MOST_GROUPS) return { ...roles, groups };
  const endpoint = `https://graph.windows.net/${TENANT.id}/users/${person.id}/getMemberObjects`;
  return { ...roles, _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } };
}

function marks() {
  return { uti: randomBytes(16).toString('base64url'), rh: `1.${randomBytes(24).toString('base64url')}.` };
}
