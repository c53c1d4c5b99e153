import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { DataFolder } from './data-folder.ts';

/**
 * Servers insist on https, so the emulator is its own certificate authority. Whoever is to trust it gets the CA file
 * (NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE); no system store is touched.
 */
export interface TlsMaterial {
  caFile: string;
  ca: string;
  key: string;
  cert: string;
}

const DAY = 86_400_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

interface Issued {
  key: string;
  cert: string;
}

export async function loadTls(folder: DataFolder, hostNames: string[]): Promise<TlsMaterial> {
  const ca = stored(folder, 'ca', []) ?? keep(folder, 'ca', await createAuthority());
  const server =
    stored(folder, 'server', hostNames, ca.cert) ?? keep(folder, 'server', await issue(ca, hostNames));
  return { caFile: folder.pathOf('ca.pem'), ca: ca.cert, key: server.key, cert: server.cert };
}

function stored(folder: DataFolder, name: string, hostNames: string[], issuer?: string): Issued | null {
  const key = folder.read(`${name}-key.pem`);
  const cert = folder.read(`${name}.pem`);
  return key && cert && isUsable(cert, hostNames, issuer) ? { key, cert } : null;
}

function isUsable(pem: string, hostNames: string[], issuer?: string): boolean {
  const certificate = new x509.X509Certificate(pem);
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const present = new Set(names.map((name) => name.value));
  return (
    certificate.notAfter.getTime() > Date.now() + 30 * DAY &&
    hostNames.every((name) => present.has(name)) &&
    (!issuer || isIssuedBy(certificate, new x509.X509Certificate(issuer)))
  );
}

/** By key, not by name: a CA that was made anew carries the old name. */
function isIssuedBy(certificate: x509.X509Certificate, ca: x509.X509Certificate): boolean {
  const wanted = certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
  return wanted === ca.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
}

function keep(folder: DataFolder, name: string, issued: Issued): Issued {
  folder.writeSecret(`${name}-key.pem`, issued.key);
  folder.writePublic(`${name}.pem`, issued.cert);
  return issued;
}

async function createAuthority(): Promise<Issued> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Entrada Azure emulator CA',
      ...validFor(3650),
      keys,
      signingAlgorithm: EC,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { key: await pemOf(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

async function issue(ca: Issued, hostNames: string[]): Promise<Issued> {
  const keys = await newKeys();
  const authority = new x509.X509Certificate(ca.cert);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: 'CN=Entrada Azure emulator',
      issuer: authority.subject,
      ...validFor(397),
      publicKey: keys.publicKey,
      signingKey: await importKey(ca.key),
      signingAlgorithm: EC,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(hostNames.map(alternativeName)),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(authority, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { key: await pemOf(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
}

function alternativeName(value: string): x509.JsonGeneralName {
  return { type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value };
}

function validFor(days: number) {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + days * DAY) };
}

function newKeys() {
  return webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

function importKey(pem: string) {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), EC, false, ['sign']);
}
