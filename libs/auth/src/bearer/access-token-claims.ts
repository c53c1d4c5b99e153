/**
 * What an Entra access token must say before its bearer is anybody here. The signature, the audience and the times are
 * verified before; these rules are pure, so that they are a table.
 */
import { z } from 'zod';
import { longestTokenSeconds } from '../entra/access-token-life.ts';

/** The permission that our app registration exposes, and API callers ask Entra for. */
const requiredScope = 'access_as_user';

const guid = z.guid().transform((id) => id.toLowerCase());
const claimsSchema = z.object({
  iss: z.string(),
  tid: guid,
  oid: guid,
  iat: z.number(),
  exp: z.number(),
  /** Only a token in the name of a person has scopes: neither an application's own token does, nor an ID token. */
  scp: z.string(),
  idtyp: z.literal('user').optional(),
  /** The application that the person uses: `azp` in version 2, `appid` in version 1. */
  azp: z.string().optional(),
  appid: z.string().optional(),
});

/** A person, as the token that they call with names them. */
export interface Bearer {
  tenantId: string;
  objectId: string;
  clientId: string | null;
  issuedAt: Date;
  expiresAt: Date;
}

export interface BearerRules {
  tenants: readonly string[];
  authorityHost: string;
}

/** Throws Error with the reason, for the log. */
export function bearerOf(claims: unknown, { tenants, authorityHost }: BearerRules): Bearer {
  const { iss, tid, oid, iat, exp, scp, azp, appid } = claimsSchema.parse(claims);
  if (!tenants.includes(tid)) throw new Error('tid is not an allowed tenant');
  if (!issuersOf(tid, authorityHost).includes(iss)) throw new Error('iss is not the tenant');
  if (!scp.split(' ').includes(requiredScope)) throw new Error(`scp does not name ${requiredScope}`);
  if (exp - iat > longestTokenSeconds) throw new Error('it lives longer than a token of Entra does');
  return {
    tenantId: tid,
    objectId: oid,
    clientId: azp ?? appid ?? null,
    issuedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
  };
}

/** Where version 1 tokens of a sovereign cloud come from another host than elsewhere. */
const version1Hosts = new Map([
  ['https://login.partner.microsoftonline.cn', 'https://sts.chinacloudapi.cn'],
  ['https://login.chinacloudapi.cn', 'https://sts.chinacloudapi.cn'],
]);

/** Both versions: which one an app registration gets is a setting of its manifest, and version 1 is the default there. */
export const issuersOf = (tenant: string, authorityHost: string): string[] => [
  `${authorityHost}/${tenant}/v2.0`,
  `${version1Hosts.get(authorityHost) ?? 'https://sts.windows.net'}/${tenant}/`,
];
