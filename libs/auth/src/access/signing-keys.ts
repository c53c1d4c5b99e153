import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, type JSONWebKeySet } from 'jose';
import { Clock, Database, minutesAfter, Sealer } from '#platform';

const algorithm = 'ES256';
const signsForDays = 30;
/** Longer than any token lives, so that one signed at the last moment still verifies. */
const publishedForDays = signsForDays + 1;
/** How soon a process learns of a key that another one made. */
const rereadAfterMs = 60_000;

interface KeyRow {
  id: string;
  public_jwk: JWK;
  sealed_private_key: Buffer;
  signs_until: Date;
}

interface Kept {
  rows: KeyRow[];
  readAt: number;
}

/** The keys that sign our own short-lived tokens: in Postgres, the private half sealed, renewed every month. */
@Injectable()
export class SigningKeys {
  private kept: Kept | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  async current(): Promise<{ kid: string; key: CryptoKey | Uint8Array }> {
    const row = this.signing(await this.rows()) ?? this.signing(await this.add());
    if (!row) throw new Error('no signing key could be made');
    const jwk = JSON.parse(this.sealer.open(row.sealed_private_key, signingKeyOwner(row.id))) as JWK;
    return { kid: row.id, key: await importJWK(jwk, algorithm) };
  }

  /** JSON Web Key Set (RFC 7517) of all keys whose tokens may still be good. */
  async published(): Promise<JSONWebKeySet> {
    const rows = await this.rows();
    return { keys: (rows.length > 0 ? rows : await this.add()).map((row) => row.public_jwk) };
  }

  private signing(rows: readonly KeyRow[]): KeyRow | undefined {
    return rows.find(({ signs_until: until }) => until > this.clock.now());
  }

  private async rows(): Promise<KeyRow[]> {
    const now = this.clock.now();
    if (this.kept && now.getTime() - this.kept.readAt < rereadAfterMs) return this.kept.rows;
    const rows = await this.database.rows<KeyRow>(
      `SELECT id, public_jwk, sealed_private_key, signs_until FROM signing_keys
       WHERE published_until > $1 ORDER BY signs_until DESC`,
      [now],
    );
    this.kept = { rows, readAt: now.getTime() };
    return rows;
  }

  /** Two processes may add one each; both are published, so both are good. */
  private async add(): Promise<KeyRow[]> {
    const id = randomUUID();
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const now = this.clock.now();
    await this.database.rows('INSERT INTO signing_keys VALUES ($1, $2, $3, $4, $5)', [
      id,
      JSON.stringify({ ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' }),
      this.sealer.seal(JSON.stringify(await exportJWK(privateKey)), signingKeyOwner(id)),
      minutesAfter(now, signsForDays * 24 * 60),
      minutesAfter(now, publishedForDays * 24 * 60),
    ]);
    this.kept = null;
    return this.rows();
  }
}

export const signingKeyOwner = (id: string): string => `signing-key:${id}`;
