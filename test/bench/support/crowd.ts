/** Many people with a live session each: exact copies of one who has signed in, but for who they are. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { derivedToken, hashOf, Sealer } from '#platform';
import { openContent, sealContent } from '../../../libs/auth/src/vault/vault-content.ts';
import { encryptionKey, type MeasuredApi } from './measured-api.ts';

export interface SignedIn {
  userId: string;
  /** The headers that their browser sends. */
  headers: Record<string, string>;
  csrfToken: string;
}

async function columnsOf(client: Client, table: string, without: string[]): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_name = $1 AND is_generated = 'NEVER' AND column_name <> ALL($2)`,
    [table, without],
  );
  return rows.map(({ name }) => name).join(', ');
}

export async function crowdOf(api: MeasuredApi, size: number): Promise<SignedIn[]> {
  const model = await api.signedIn();
  const browser = [...model.cookies].find(([name]) => name.endsWith('entrada_browser'))?.[1];
  const client = new Client({ connectionString: api.databaseUrl });
  await client.connect();
  const users = await columnsOf(client, 'users', ['id', 'object_id']);
  const sessions = await columnsOf(client, 'sessions', ['id', 'user_id', 'token_hash']);
  const vault = await columnsOf(client, 'token_caches', ['user_id', 'sealed']);
  const { rows: kept } = await client.query<{ userId: string; sealed: Buffer; sessionId: string }>(
    `SELECT t.user_id AS "userId", t.sealed, s.id AS "sessionId"
     FROM token_caches t JOIN sessions s ON s.user_id = t.user_id LIMIT 1`,
  );
  const [{ userId: modelId, sealed, sessionId }] = kept as [(typeof kept)[number]];
  // The vault binds what is sealed to its owner.
  const sealer = new Sealer([encryptionKey]);
  const content = openContent(sealer, modelId, sealed);
  const crowd: SignedIn[] = [];
  for (let index = 0; index < size; index += 1) {
    const token = randomBytes(32).toString('base64url');
    const userId = crypto.randomUUID();
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO users (id, object_id, ${users}) SELECT $1, gen_random_uuid(), ${users} FROM users WHERE id = $2`,
      [userId, modelId],
    );
    await client.query(
      `INSERT INTO token_caches (user_id, sealed, ${vault}) SELECT $1, $3, ${vault} FROM token_caches WHERE user_id = $2`,
      [userId, modelId, sealContent(sealer, userId, content)],
    );
    await client.query(
      `INSERT INTO sessions (user_id, token_hash, ${sessions}) SELECT $1, $3, ${sessions} FROM sessions WHERE id = $2`,
      [userId, sessionId, hashOf(token)],
    );
    await client.query('COMMIT');
    crowd.push({
      userId,
      csrfToken: derivedToken(token, 'csrf'),
      headers: {
        cookie: `entrada_session=${token}; entrada_browser=${browser}`,
        'user-agent': 'node',
        // Everybody has an address of their own, as behind a web server: one address may only ask so often.
        'x-forwarded-for': `10.0.${index >> 8}.${index & 255}`,
      },
    });
  }
  await client.end();
  return crowd;
}
