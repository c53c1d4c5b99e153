/** What people do with their own account. */
import type { Browser } from './browser.ts';
import type { Ending } from './journal.ts';
import type { Habit } from './person.ts';

/** Of this person, known to have begun, but for one. */
const liveOf = ({ scene, person }: Browser, except: string | null): string[] =>
  [...scene.sessions].filter(([id, known]) => known.person === person && id !== except).map(([id]) => id);

const signOut: Habit = (browser) => browser.signOut();

const endOthers: Habit = async (browser) => {
  const sessionIds = liveOf(browser, browser.sessionId);
  const ending: Ending = { why: 'own', begunAt: Date.now(), ackAt: null, sessionIds };
  browser.scene.journal.endings.push(ending);
  const answer = await browser.ask('DELETE', '/api/auth/sessions');
  if (answer?.status === 200) browser.noteEnded(ending);
};

/** Azure's token is renewed now; where Entra wants the person themselves, they sign in once more. */
const renew: Habit = async (browser) => {
  const answer = await browser.ask<{ code?: string }>('POST', '/api/auth/refresh');
  if (answer?.body?.code === 'reauthentication_required') await browser.signOut();
};

/** An administrator's page, whoever asks. */
const tryAdministration: Habit = (browser) => browser.ask('GET', '/api/admin/users?limit=1');

export const account = {
  session: [8, (browser: Browser) => browser.ask('GET', '/api/auth/session')],
  page: [4, (browser: Browser) => browser.ask('GET', '/')],
  profile: [2, (browser: Browser) => browser.ask('GET', '/api/graph/me')],
  renew: [3, renew],
  'sign out': [2, signOut],
  'end others': [1, endOthers],
  'lose socket': [2, async (browser: Browser) => browser.tab?.lose()],
  'try administration': [4, tryAdministration],
} as const;
