import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe('the way back from Entra', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack();
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  afterEach(() => stack.azure.reset());

  /** The address to which Entra sends this browser back. */
  const approved = async (visitor: Visitor, person = 'uma') =>
    stack.azure.approveSignIn(await visitor.beginSignIn(), person);
  const follow = async (visitor: Visitor, { pathname, search }: URL) => {
    const { status, headers } = await visitor.get(pathname + search);
    return { status, location: headers.get('location'), isSignedIn: visitor.sessionCookie !== undefined };
  };
  const without = (url: URL, ...names: string[]) => {
    const changed = new URL(url);
    names.forEach((name) => changed.searchParams.delete(name));
    return changed;
  };
  const withChanges = (url: URL, changes: Record<string, string>) => {
    const changed = new URL(url);
    Object.entries(changes).forEach(([name, value]) => changed.searchParams.set(name, value));
    return changed;
  };
  const sessions = async () =>
    Number((await database.query<{ count: string }>('SELECT count(*) FROM sessions')).rows[0]?.count);
  const expired = { status: 302, location: '/login?error=sign_in_expired', isSignedIn: false };

  it('OID-12: a state that is missing, wrong or empty opens no session', async () => {
    for (const change of [{ state: '' }, { state: 'A'.repeat(43) }, { state: '__proto__' }]) {
      const visitor = stack.visitor();
      expect(await follow(visitor, withChanges(await approved(visitor), change))).toEqual(expired);
    }
    const visitor = stack.visitor();
    expect(await follow(visitor, without(await approved(visitor), 'state'))).toEqual(expired);
  });

  it('OID-12: a state from another browser opens no session, in neither of them', async () => {
    const [attacker, victim] = [stack.visitor(), stack.visitor()];
    const answer = await approved(attacker, 'viktor');
    await victim.beginSignIn();
    expect(await follow(victim, answer)).toEqual(expired);
    expect(await follow(stack.visitor(), answer)).toEqual(expired);
    // The attempt is still its own browser's.
    expect(await follow(attacker, answer)).toMatchObject({ location: '/', isSignedIn: true });
  });

  it('OID-12: the id of a device sign-in is no state, nor a state the id of one', async () => {
    const visitor = stack.visitor();
    const { attemptId } = await visitor.beginDevice();
    const answer = await approved(visitor);
    expect(await follow(visitor, withChanges(answer, { state: attemptId }))).toEqual(expired);
    expect((await visitor.get(`/api/auth/device/${answer.searchParams.get('state')}`)).status).toBe(400);
  });

  it('OID-12: what failed once cannot be tried again', async () => {
    const visitor = stack.visitor();
    const answer = await approved(visitor);
    expect(await follow(visitor, without(answer, 'code'))).toMatchObject({
      location: '/login?error=sign_in_failed',
    });
    expect(await follow(visitor, answer)).toEqual(expired);
  });

  it('OID-13: a code that was used is of no use, with its state or with a new one', async () => {
    const visitor = stack.visitor();
    const answer = await approved(visitor);
    await follow(visitor, answer);
    const other = stack.visitor();
    other.cookies.set('entrada_browser', visitor.cookies.get('entrada_browser') ?? '');
    expect(await follow(other, answer)).toEqual(expired);
    const fresh = await approved(other);
    const replayed = withChanges(fresh, { code: answer.searchParams.get('code') ?? '' });
    expect(await follow(other, replayed)).toMatchObject({
      location: '/login?error=sign_in_failed',
      isSignedIn: false,
    });
  });

  it('OID-13: a code of the attacker’s own sign-in, put into the victim’s, opens no session', async () => {
    const [attacker, victim] = [stack.visitor(), stack.visitor()];
    const [theirs, ours] = [await approved(attacker, 'viktor'), await approved(victim, 'uma')];
    const injected = withChanges(ours, { code: theirs.searchParams.get('code') ?? '' });
    expect(await follow(victim, injected)).toMatchObject({
      location: '/login?error=sign_in_failed',
      isSignedIn: false,
    });
  });

  it('OID-14: the back button leads home, and opens no second session', async () => {
    const visitor = stack.visitor();
    const answer = await approved(visitor);
    await follow(visitor, answer);
    const [cookie, count] = [visitor.sessionCookie, await sessions()];
    expect(await follow(visitor, answer)).toMatchObject({ status: 302, location: '/' });
    expect(await follow(visitor, withChanges(answer, { code: 'x' }))).toMatchObject({ location: '/' });
    expect(visitor.sessionCookie).toBe(cookie);
    expect(await sessions()).toBe(count);
  });

  it('OID-14: a double submit opens one session', async () => {
    const visitor = stack.visitor();
    const answer = await approved(visitor);
    const count = await sessions();
    const answers = await Promise.all(Array.from({ length: 5 }, () => follow(visitor, answer)));
    expect(answers.every(({ status }) => status === 302)).toBe(true);
    expect(answers.filter(({ location }) => location === '/')).toHaveLength(1);
    expect(await sessions()).toBe(count + 1);
    expect(await visitor.readSession()).not.toBeNull();
  });

  it.each([
    ['access_denied', 'sign_in_cancelled'],
    ['server_error', 'sign_in_unavailable'],
    ['temporarily_unavailable', 'sign_in_unavailable'],
    ['interaction_required', 'sign_in_declined'],
    ['login_required', 'sign_in_declined'],
    ['consent_required', 'sign_in_declined'],
    ['an_error_of_next_year', 'sign_in_failed'],
    ['<script>alert(1)</script>', 'sign_in_failed'],
    ['__proto__', 'sign_in_failed'],
    ['constructor', 'sign_in_failed'],
  ])('OID-15: %s is told as %s, and nothing of what came with it', async (error, code) => {
    const visitor = stack.visitor();
    const state = new URL(await visitor.beginSignIn()).searchParams.get('state') ?? '';
    const query = new URLSearchParams({
      state,
      error,
      error_description: '"><img src=x onerror=alert(1)>\r\nSet-Cookie: a=b',
      error_uri: 'javascript:alert(1)',
    });
    const { status, headers, body } = await visitor.get<string>(`/api/auth/callback?${query}`);
    expect(status).toBe(302);
    expect(headers.get('location')).toBe(`/login?error=${code}`);
    expect(JSON.stringify([...headers]) + body).not.toMatch(/onerror|alert/);
    expect(headers.getSetCookie().join()).not.toContain('a=b');
  });

  it('says that a person cancelled', async () => {
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'uma', { decision: 'cancel' });
    expect(await follow(visitor, back)).toMatchObject({
      location: '/login?error=sign_in_cancelled',
      isSignedIn: false,
    });
  });

  it('OID-23: of five tabs each finishes, the oldest too; of twelve the last ten', async () => {
    const visitor = stack.visitor();
    const answers: URL[] = [];
    for (let tab = 0; tab < 12; tab += 1) answers.push(await approved(visitor));
    const ends: (string | null)[] = [];
    for (const answer of answers) {
      // Each tab as if it were the first to finish: with a session, a later one would only be led home.
      visitor.cookies.delete('entrada_session');
      ends.push((await follow(visitor, answer)).location);
    }
    expect(ends).toEqual([
      ...Array.from({ length: 2 }, () => '/login?error=sign_in_expired'),
      ...Array.from({ length: 10 }, () => '/'),
    ]);
  });

  it('advisories 18 and 20: none of our other artefacts is a session', async () => {
    const visitor = stack.visitor();
    const answer = await approved(visitor);
    await follow(visitor, answer);
    const session = await visitor.readSession();
    const { rows } = await database.query<{ id: string; hash: Buffer; attempt: string }>(
      'SELECT s.id, s.token_hash AS hash, a.id AS attempt FROM sessions s, sign_in_attempts a',
    );
    const artefacts = [
      ...[
        answer.searchParams.get('state'),
        answer.searchParams.get('code'),
        visitor.cookies.get('entrada_browser'),
      ],
      ...[session?.csrfToken, session?.session.id, session?.user.id],
      ...rows.flatMap(({ id, hash, attempt }) => [
        id,
        attempt,
        hash.toString('hex'),
        hash.toString('base64url'),
      ]),
    ];
    for (const artefact of artefacts) {
      visitor.cookies.set('entrada_session', artefact ?? '');
      expect((await visitor.get('/api/auth/session')).status, String(artefact)).toBe(401);
    }
  });
});
