/** The ways in, as pages and people take them. Each may fail at any step, and is begun anew. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DeviceAttempt, DeviceStatus, SessionAnswer } from '#contracts';
import type { Browser } from './browser.ts';
import type { SignedIn } from './journal.ts';
import { LiveTab } from './live-tab.ts';

const approvedWithinMs = 20_000;

export async function signIn(browser: Browser): Promise<boolean> {
  browser.forget();
  const { person, scene, random } = browser;
  const attempt: SignedIn = { person, sessionId: null, begunAt: Date.now(), ackAt: null };
  scene.journal.signIns.push(attempt);
  const isApproved = await (random.chance(0.25) ? byDevice(browser, attempt) : byCode(browser, attempt));
  return isApproved && arrive(browser, attempt);
}

async function byCode(browser: Browser, attempt: SignedIn): Promise<boolean> {
  const { azure } = browser.scene.installation;
  const login = await browser.ask('GET', '/api/auth/login');
  const location = login?.status === 302 ? login.headers.get('location') : null;
  if (!location || location.startsWith('/')) return false;
  const back = await azure.approveSignIn(location, browser.person).catch(() => null);
  if (!back) return false;
  attempt.begunAt = Date.now();
  const callback = await browser.ask('GET', back.pathname + back.search);
  return callback?.headers.get('location') === '/' || callback === null;
}

async function byDevice(browser: Browser, attempt: SignedIn): Promise<boolean> {
  const { azure } = browser.scene.installation;
  const begun = await browser.ask<DeviceAttempt>('POST', '/api/auth/device', {});
  if (begun?.status !== 201) return false;
  const { attemptId, userCode } = begun.body;
  const isAnswered = await azure.answerDeviceCode(userCode, browser.person).then(
    () => true,
    () => false,
  );
  if (!isAnswered) return false;
  for (const until = Date.now() + approvedWithinMs; Date.now() < until;) {
    await wait(1_000);
    const asked = await browser.ask<DeviceStatus>('GET', `/api/auth/device/${attemptId}`);
    if (asked?.status === 200 && asked.body.status === 'approved') break;
    if (asked?.status === 200 && asked.body.status !== 'pending') return false;
  }
  attempt.begunAt = Date.now();
  const completed = await browser.ask('POST', `/api/auth/device/${attemptId}/complete`, {});
  return completed?.status === 200 || completed === null;
}

/** Reads who they are, as the page does, and opens the live connection. */
async function arrive(browser: Browser, attempt: SignedIn): Promise<boolean> {
  const { scene, person, visitor } = browser;
  const answer = await browser.insist<SessionAnswer>('GET', '/api/auth/session', undefined, 10);
  if (answer?.status !== 200) return false;
  const { session, user, csrfToken } = answer.body;
  attempt.ackAt = Date.now();
  attempt.sessionId = session.id;
  visitor.csrfToken = csrfToken;
  [browser.sessionId, browser.userId] = [session.id, user.id];
  const known = { person, userId: user.id, cookie: visitor.cookieHeader, token: null as string | null };
  scene.sessions.set(session.id, known);
  browser.tab = new LiveTab(scene, person, session.id, visitor);
  if (browser.random.chance(0.5)) {
    const token = await browser.ask<{ accessToken: string }>('POST', '/api/auth/token');
    if (token?.status === 200) known.token = token.body.accessToken;
  }
  return true;
}
