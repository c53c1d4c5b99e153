/**
 * better-auth on `node:http` with Postgres. COOKIE_CACHE=true: a signed copy of the session in a cookie answers for five
 * minutes without a look at the database, and without noticing that the session was revoked.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const origin = `http://127.0.0.1:${process.env.PORT}`;
const auth = betterAuth({
  baseURL: origin,
  secret: 'of-the-benchmark-and-of-nothing-else-0123456789',
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  // Hashing a password is no part of what is measured.
  emailAndPassword: {
    enabled: true,
    password: { hash: async (word) => word, verify: async ({ hash, password }) => hash === password },
  },
  session: { cookieCache: { enabled: process.env.COOKIE_CACHE === 'true', maxAge: 300 } },
  // It would count every request, and refuse after the hundredth.
  rateLimit: { enabled: false },
  advanced: { ipAddress: { disableIpTracking: true } },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
createServer(toNodeHandler(auth)).listen(Number(process.env.PORT), '127.0.0.1');
