/** Express with `express-session`, `connect-pg-simple` and `passport`, as their documentation sets them up. */
import ConnectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const userOf = async (id) => {
  const { rows } = await pool.query(
    `SELECT id, email, display_name, roles_from_entra FROM users WHERE id = $1 AND is_active`,
    [id],
  );
  return rows[0] ?? false;
};
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser(async (id, done) => {
  try {
    done(null, await userOf(id));
  } catch (error) {
    done(error);
  }
});

const app = express();
app.disable('x-powered-by');
const Store = ConnectPgSimple(session);
app.use(
  session({
    store: new Store({ pool, createTableIfMissing: true }),
    secret: 'of the benchmark',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 3_600_000, httpOnly: true, sameSite: 'lax' },
  }),
);
app.use(passport.session());
app.post('/sign-in/:id', async (request, response, next) => {
  const user = await userOf(request.params.id);
  request.login(user, (error) => (error ? next(error) : response.json(user)));
});
app.get('/session', (request, response) => {
  if (!request.isAuthenticated()) return response.status(401).end();
  const { cookie } = request.session;
  return response.json({ user: request.user, session: { id: request.sessionID, expires: cookie.expires } });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
