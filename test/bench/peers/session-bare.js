/**
 * The least that a server-side session can cost where every request asks Postgres: `node:http`, one prepared statement on
 * the product's own tables, and the same facts as JSON.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const lookUp = {
  name: 'session',
  text: `SELECT s.id, s.method, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.authenticated_at,
           u.id AS user_id, u.email, u.display_name, u.roles_from_entra
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.idle_expires_at > now() AND u.is_active`,
};

const server = createServer(async (request, response) => {
  const token = /entrada_session=([\w-]{43})/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const hash = createHash('sha256').update(token).digest();
  const { rows } = await pool.query({ ...lookUp, values: [hash] });
  const body = JSON.stringify(rows[0] ?? {});
  response.writeHead(rows.length > 0 ? 200 : 401, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
