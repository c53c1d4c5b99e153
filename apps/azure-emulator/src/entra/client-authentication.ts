import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeJwt, importX509, jwtVerify } from 'jose';
import type { Cloud } from '../cloud.ts';
import type { Registration } from '../registrations.ts';
import { refuse } from './errors.ts';

export type Parameters = Record<string, string | undefined>;

export interface Client {
  registration: Registration;
  authenticated: boolean;
}

/** Entra forgives clients' clocks this much. */
const CLOCK_SKEW_SECONDS = 300;

/** Who calls the token endpoint: a secret in the body or in the header, a signed assertion, or nothing. */
export async function identifyClient(
  cloud: Cloud,
  parameters: Parameters,
  authorization: string | undefined,
): Promise<Client> {
  const basic = readBasic(authorization);
  const clientId = parameters.client_id ?? basic?.id;
  if (!clientId) throw refuse('clientMissing', 'client_id');
  const registration = requireRegistration(cloud, clientId);
  const secret = parameters.client_secret ?? basic?.secret;
  if (parameters.client_assertion) {
    await requireAssertion(registration, parameters.client_assertion);
    return { registration, authenticated: true };
  }
  if (!secret) return { registration, authenticated: false };
  if (!registration.secrets.some((known) => isSame(secret, known))) throw refuse('secretWrong', clientId);
  return { registration, authenticated: true };
}

export function requireRegistration(cloud: Cloud, clientId: string | undefined): Registration {
  const found = cloud.registrations().find((registration) => registration.clientId === clientId);
  if (!found) throw refuse('clientUnknown', clientId);
  return found;
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (!encoded) return null;
  const [id, ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return { id: decodeURIComponent(id!), secret: decodeURIComponent(secret.join(':')) };
}

async function requireAssertion(registration: Registration, assertion: string): Promise<void> {
  try {
    const expected = {
      issuer: registration.clientId,
      subject: registration.clientId,
      clockTolerance: CLOCK_SKEW_SECONDS,
    };
    const { iss, sub, exp } = registration.certificate
      ? (await jwtVerify(assertion, await certificateKey(registration.certificate, assertion), expected))
          .payload
      : decodeJwt(assertion);
    if (iss !== registration.clientId || sub !== iss) throw new Error('iss and sub must be the client id.');
    if (!exp || (exp + CLOCK_SKEW_SECONDS) * 1000 < Date.now()) throw new Error('The assertion has expired.');
  } catch (error) {
    throw refuse('assertionInvalid', (error as Error).message);
  }
}

function certificateKey(pem: string, assertion: string) {
  const header = JSON.parse(Buffer.from(assertion.split('.')[0]!, 'base64url').toString()) as { alg: string };
  return importX509(pem, header.alg === 'PS256' ? 'PS256' : 'RS256');
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
