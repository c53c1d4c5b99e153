/** One browser of one person: HTTP and a live tab, with everything it was told written down. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '#contracts';
import { type Answer, Visitor } from '../support/visitor.ts';
import { haunt } from './ghosts.ts';
import type { Ending } from './journal.ts';
import { LiveTab } from './live-tab.ts';
import type { Random } from './random.ts';
import { readAs, type Scene } from './scene.ts';

const patienceMs = 45_000;
/** Azure may be silent for a minute before its answer is given up. */
const patienceWithAnswersMs = 100_000;
const waitsForAnswer = /^\/api\/chat\/(message|generations\/.*\/events)$/;
const uuid = /[\da-f]{8}-[\da-f-]{27}/g;
/** Answered alike with and without a session. */
const withoutSession = /^\/($|api\/auth\/(login|callback|device|logout))/;

export class Browser {
  visitor: Visitor;
  tab: LiveTab | null = null;
  sessionId: string | null = null;
  userId: string | null = null;

  constructor(
    readonly scene: Scene,
    readonly person: string,
    readonly random: Random,
  ) {
    this.visitor = new Visitor(scene.installation.url);
  }

  /** Null when the connection broke or nothing came. */
  async ask<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body> | null> {
    const begunAt = Date.now();
    const sessionId = withoutSession.test(path) ? null : this.sessionId;
    const limit = new AbortController();
    const longest = waitsForAnswer.test(path) ? patienceWithAnswersMs : patienceMs;
    const asked = this.visitor.send<Body>(method, path, body, headers).catch(() => 0 as const);
    const late = wait(longest, -1 as const, { signal: limit.signal, ref: false }).catch(() => -1 as const);
    const answer = await Promise.race([asked, late]);
    limit.abort();
    const told = typeof answer === 'number' ? null : answer;
    const problem = told && told.status >= 400 ? (told.body as Problem) : null;
    const { person } = this;
    const route = `${method} ${path.split('?')[0]!.replaceAll(uuid, ':id')}`;
    this.scene.journal.answers.push({
      begunAt,
      at: Date.now(),
      person,
      route,
      status: typeof answer === 'number' ? answer : answer.status,
      code: problem?.code ?? null,
      hasRetryAfter: told?.headers.has('retry-after') ?? false,
      isProblem: /problem/.test(told?.headers.get('content-type') ?? ''),
      sessionId,
    });
    if (told) {
      readAs(
        person,
        typeof told.body === 'string' ? told.body : JSON.stringify(told.body),
        route,
        this.scene,
      );
      if (told.status === 401 && sessionId && problem?.code !== 'reauthentication_required') this.forget();
    }
    return told;
  }

  /** Asks again while it is told to come back, or nothing. */
  async insist<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    tries = 30,
  ): Promise<Answer<Body> | null> {
    let answer: Answer<Body> | null = null;
    for (let each = 0; each < tries; each += 1) {
      answer = await this.ask<Body>(method, path, body);
      if (answer && answer.status !== 503) return answer;
      await wait(400);
    }
    return answer;
  }

  async signOut(): Promise<void> {
    const ending: Ending = {
      why: 'signed_out',
      begunAt: Date.now(),
      ackAt: null,
      sessionIds: this.sessionId ? [this.sessionId] : [],
    };
    this.scene.journal.endings.push(ending);
    const answer = await this.ask('POST', '/api/auth/logout');
    if (answer?.status === 200) this.noteEnded(ending);
    if (answer?.status === 200) this.forget();
  }

  /** It was acknowledged: whoever would use those sessions on is refused from now on. */
  noteEnded(ending: Ending): void {
    ending.ackAt = Date.now();
    for (const id of ending.sessionIds) void haunt(this.scene, id, this.random);
  }

  /** As a browser that was told that it is signed out: it begins anew. */
  forget(): void {
    this.tab?.close();
    this.tab = null;
    this.sessionId = null;
    this.visitor = new Visitor(this.scene.installation.url);
  }
}
