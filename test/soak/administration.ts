/** What administrators do to others. Each has people of their own, so that nobody undoes what another is told. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from './browser.ts';
import type { Disabled, Ending, RoleChange } from './journal.ts';
import type { Habit } from './person.ts';

interface Subject {
  alias: string;
  userId: string;
}

export const administration = (aliases: readonly string[]) => {
  const subjectOf = ({ scene, random }: Browser): Subject | null => {
    const alias = random.pick(aliases);
    const known = [...scene.sessions.values()].find(({ person }) => person === alias);
    return alias && known ? { alias, userId: known.userId } : null;
  };
  const sessionsOf = ({ scene }: Browser, userId: string): string[] =>
    [...scene.sessions].filter(([, known]) => known.userId === userId).map(([id]) => id);

  const endOne: Habit = async (browser) => {
    const subject = subjectOf(browser);
    const id = subject && sessionsOf(browser, subject.userId).at(-1);
    if (!id) return;
    const ending: Ending = { why: 'administrator', begunAt: Date.now(), ackAt: null, sessionIds: [id] };
    browser.scene.journal.endings.push(ending);
    const answer = await browser.ask('DELETE', `/api/admin/sessions/${id}`);
    if (answer?.status === 204) browser.noteEnded(ending);
  };

  const endAll: Habit = async (browser) => {
    const subject = subjectOf(browser);
    if (!subject) return;
    const sessionIds = sessionsOf(browser, subject.userId);
    const ending: Ending = { why: 'administrator', begunAt: Date.now(), ackAt: null, sessionIds };
    browser.scene.journal.endings.push(ending);
    const answer = await browser.ask('DELETE', `/api/admin/users/${subject.userId}/sessions`);
    if (answer?.status === 200) browser.noteEnded(ending);
  };

  const disable: Habit = async (browser) => {
    const subject = subjectOf(browser);
    if (!subject) return;
    const { userId, alias } = subject;
    const { journal } = browser.scene;
    const path = `/api/admin/users/${userId}`;
    const begunAt = Date.now();
    const ending: Ending = { why: 'disabled', begunAt, ackAt: null, sessionIds: sessionsOf(browser, userId) };
    const disabled: Disabled = { person: alias, userId, begunAt, ackAt: null, enabling: null };
    journal.endings.push(ending);
    journal.disabled.push(disabled);
    const answer = await browser.ask('PATCH', path, { isActive: false });
    if (answer?.status === 200) {
      disabled.ackAt = Date.now();
      browser.noteEnded(ending);
    }
    await wait(browser.random.between(500, 5_000));
    disabled.enabling = { begunAt: Date.now(), ackAt: null };
    const enabled = await browser.insist('PATCH', path, { isActive: true }, 60);
    if (enabled?.status === 200) disabled.enabling.ackAt = Date.now();
  };

  const changeRole: Habit = async (browser) => {
    const subject = subjectOf(browser);
    if (!subject) return;
    const change = async (isAdmin: boolean) => {
      const { alias: person, userId } = subject;
      const attempt: RoleChange = { person, userId, isAdmin, begunAt: Date.now(), ackAt: null };
      browser.scene.journal.roleChanges.push(attempt);
      const answer = await browser.insist('PATCH', `/api/admin/users/${userId}`, { isAdmin }, 60);
      return { attempt, status: answer?.status };
    };
    const granted = await change(true);
    // Granting wants a sign-in of the last quarter of an hour.
    if (granted.status === 403) return browser.signOut();
    if (granted.status === 200) granted.attempt.ackAt = Date.now();
    await wait(browser.random.between(300, 2_000));
    const withdrawn = await change(false);
    // Where nobody knows whether it was granted, there may have been nothing to withdraw.
    if (withdrawn.status === 200 && granted.attempt.ackAt) withdrawn.attempt.ackAt = Date.now();
    await wait(browser.random.between(300, 2_000));
  };

  const read =
    (paths: readonly string[]): Habit =>
    (browser) =>
      browser.ask('GET', browser.random.pick(paths)!);

  return {
    'end one': [6, endOne],
    'end all': [2, endAll],
    disable: [3, disable],
    'change role': [3, changeRole],
    people: [
      6,
      read(['/api/admin/users?search=uma', '/api/admin/users?limit=5', '/api/admin/sessions?limit=20']),
    ],
    'search audit': [
      6,
      read([
        '/api/admin/audit-logs?search=uma&limit=20',
        '/api/admin/audit-logs?action=session.ended',
        '/api/admin/overview',
      ]),
    ],
    verify: [1, (browser: Browser) => browser.ask('POST', '/api/admin/audit-logs/verify')],
  } as const;
};
