import type { webcrypto } from 'node:crypto';
import { exportSPKI, CompactSign, type JWTHeaderParameters } from 'jose';
import type { Cloud } from '../cloud.ts';
import { takeNext, type Alteration } from '../levers.ts';
import type { Person } from '../people.ts';
import { createKey, toSigningKey, type SigningKey } from '../signing-keys.ts';

export interface TokenDraft {
  claims: Record<string, unknown>;
  person: Person | undefined;
  grantType: string;
}

/** Signs as Entra does, unless a test asked for a flaw in the next token of this kind. */
export async function signToken(
  cloud: Cloud,
  kind: 'idTokens' | 'accessTokens',
  draft: TokenDraft,
): Promise<string> {
  const alteration = takeNext(
    cloud.levers[kind],
    ({ person, grant }) =>
      cloud.directory.isPerson(draft.person, person) && (!grant || grant === draft.grantType),
  );
  const key = cloud.signingKeys.current;
  const header = { typ: 'JWT', alg: 'RS256', kid: key.kid };
  if (!alteration) return sign(header, draft.claims, key.privateKey);
  return signAltered(cloud, alteration, header, alterClaims(draft.claims, alteration));
}

function alterClaims(claims: Record<string, unknown>, { set, remove, shift }: Alteration) {
  const shifted = Object.entries(shift).map(([name, by]) => [name, Number(claims[name]) + by]);
  const altered: Record<string, unknown> = { ...claims, ...Object.fromEntries(shifted), ...set };
  remove.forEach((name) => delete altered[name]);
  return altered;
}

async function signAltered(
  cloud: Cloud,
  alteration: Alteration,
  ordinary: JWTHeaderParameters,
  claims: Record<string, unknown>,
): Promise<string> {
  const { current } = cloud.signingKeys;
  const header: JWTHeaderParameters = { ...ordinary, ...alteration.setHeader };
  alteration.removeHeader.forEach((name) => delete header[name]);
  switch (alteration.sign) {
    case 'none':
      return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`;
    case 'hs256-secret':
      return signWithText(header, claims, cloud.levers.registration.secrets[0] ?? '');
    case 'hs256-public-key':
      return signWithText(header, claims, await exportSPKI(current.publicKey));
    case 'wrong-key':
      return sign(header, claims, (await strangerKey()).privateKey);
    case 'embedded-key': {
      const stranger = await strangerKey();
      const { kid, ...jwk } = stranger.published;
      return sign({ ...header, kid, jwk }, claims, stranger.privateKey);
    }
    case 'corrupt':
      return corrupt(await sign(header, claims, current.privateKey));
    case 'properly':
      return sign(header, claims, current.privateKey);
  }
}

function sign(
  header: JWTHeaderParameters,
  claims: object,
  key: webcrypto.CryptoKey | Uint8Array,
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(key);
}

function signWithText(header: JWTHeaderParameters, claims: object, secret: string): Promise<string> {
  return sign({ ...header, alg: 'HS256' }, claims, Buffer.from(secret));
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function corrupt(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return [
    header,
    payload,
    signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`,
  ].join('.');
}

let stranger: Promise<SigningKey> | undefined;

function strangerKey(): Promise<SigningKey> {
  return (stranger ??= createKey().then(toSigningKey));
}
