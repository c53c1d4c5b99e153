/** Whoever kept the cookies and the token of a session that was ended, and tries them at every process. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { KnownSession, Scene } from './scene.ts';

const triesForMs = 6_000;
const alwaysAlone = { ref: false };

export async function haunt(scene: Scene, sessionId: string, random: Random): Promise<void> {
  const session = scene.sessions.get(sessionId);
  if (!session) return;
  const { journal, installation } = scene;
  const places = [installation.url, ...installation.processes.map(({ url }) => url)];
  for (const until = Date.now() + triesForMs; Date.now() < until && !scene.isOver;) {
    await wait(random.between(100, 600), undefined, alwaysAlone);
    const url = random.pick(places)!;
    const begunAt = Date.now();
    const answer = await fetch(`${url}/api/auth/session`, { headers: credential(session, random) }).catch(
      () => null,
    );
    // One process asked directly may be away.
    if (!answer) continue;
    await answer.body?.cancel();
    journal.answers.push({
      begunAt,
      at: Date.now(),
      person: session.person,
      route: `GET /api/auth/session (as a ghost, ${url === installation.url ? 'through nginx' : 'directly'})`,
      status: answer.status,
      code: null,
      hasRetryAfter: answer.headers.has('retry-after'),
      isProblem: /problem/.test(answer.headers.get('content-type') ?? ''),
      sessionId,
    });
  }
}

const credential = ({ cookie, token }: KnownSession, random: Random): Record<string, string> =>
  token && random.chance(0.4) ? { authorization: `Bearer ${token}` } : { cookie };
