/** A tab's live connection: hears answers, notices what is missing and asks for it, keeps book of both. */
import { setTimeout as wait } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Acknowledgement, GenerationDelta, GenerationFinished, ResumedGeneration } from '#contracts';
import type { Visitor } from '../support/visitor.ts';
import { FollowedAnswer } from './followed-answer.ts';
import type { Heard } from './journal.ts';
import { readAs, type Scene } from './scene.ts';

const answerWithinMs = 15_000;
const againAfterMs = 400;

export class LiveTab {
  private readonly socket: Socket;
  private readonly followed = new Map<string, FollowedAnswer>();
  private readonly heard: Heard;
  isEnded = false;
  private lostAt = 0;

  constructor(
    private readonly scene: Scene,
    private readonly person: string,
    readonly sessionId: string,
    visitor: Visitor,
  ) {
    this.heard = { person, sessionId, at: 0 };
    scene.journal.heard.push(this.heard);
    this.socket = io(`${visitor.url}/chat`, {
      path: '/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      auth: { csrfToken: visitor.csrfToken },
      extraHeaders: { cookie: visitor.cookieHeader, origin: visitor.origin },
    });
    this.socket.onAny((name: string, data: Record<string, unknown>) => this.hear(name, data));
    this.socket.on('connect', () => this.resumeAll());
    this.socket.on('connect_error', (error) =>
      this.noteRefusal(error as Error & { data?: { code?: string } }),
    );
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') this.comeBack();
    });
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  /** The connection breaks, as networks do it. */
  lose(): void {
    this.lostAt = Date.now();
    this.socket.io.engine?.close();
  }

  close(): void {
    this.isEnded = true;
    this.socket.close();
  }

  /** Null when no answer came. */
  async ask<Answer extends object>(event: string, payload: unknown): Promise<Acknowledgement<Answer> | null> {
    const begunAt = Date.now();
    const answer = (await this.socket
      .timeout(answerWithinMs)
      .emitWithAck(event, payload)
      .catch(() => null)) as Acknowledgement<Answer> | null;
    // A session that ended took the socket along, or the tab itself lost it.
    if (!answer && (this.isEnded || this.lostAt >= begunAt)) return null;
    const problem = answer && !answer.ok ? answer.error : null;
    this.scene.journal.answers.push({
      begunAt,
      at: Date.now(),
      person: this.person,
      route: `socket ${event}`,
      status: answer ? (problem?.status ?? 200) : 0,
      code: problem?.code ?? null,
      hasRetryAfter: true,
      isProblem: true,
      sessionId: this.sessionId,
    });
    return answer;
  }

  /** When all is over: asks for the end of everything that it has not heard the end of. */
  async settle(): Promise<void> {
    for (const [id, followed] of this.followed) {
      if (followed.watch.end || this.isEnded || !this.isConnected) continue;
      await this.resume(id, followed);
      followed.watch.wasAwaited = !this.isEnded && this.isConnected && this.followed.has(id);
    }
  }

  private hear(name: string, data: Record<string, unknown>): void {
    if (name === 'session:ended') return this.close();
    this.heard.at = Date.now();
    this.scene.journal.noteId(this.person, data.generationId);
    this.scene.journal.noteId(this.person, data.conversationId);
    readAs(this.person, JSON.stringify(data), name, this.scene);
    if (name === 'generation:started') this.follow(String(data.generationId));
    if (name === 'generation:delta') this.take(data as unknown as GenerationDelta);
    if (name === 'generation:finished') {
      const finished = data as unknown as GenerationFinished;
      this.follow(finished.generationId).finish(finished);
    }
  }

  private follow(generationId: string): FollowedAnswer {
    const known = this.followed.get(generationId);
    if (known) return known;
    const followed = new FollowedAnswer(this.person, generationId);
    this.scene.journal.watches.push(followed.watch);
    this.followed.set(generationId, followed);
    return followed;
  }

  private take(delta: GenerationDelta): void {
    const followed = this.follow(delta.generationId);
    followed.take(delta);
    if (delta.seq > followed.have && !followed.isAsking) void this.resume(delta.generationId, followed);
  }

  private resumeAll(): void {
    for (const [id, followed] of this.followed)
      if (!followed.watch.end && !followed.isAsking) void this.resume(id, followed);
  }

  private async resume(generationId: string, followed: FollowedAnswer): Promise<void> {
    followed.isAsking = true;
    while (this.isConnected && !followed.watch.end) {
      const answer = await this.ask<ResumedGeneration>('generation:resume', {
        generationId,
        after: followed.have,
      });
      if (answer?.ok) {
        followed.noteResumed(answer);
        break;
      }
      // Its conversation was deleted.
      if (answer && answer.error.status === 404) this.followed.delete(generationId);
      if (answer && answer.error.status < 500) break;
      await wait(againAfterMs);
    }
    followed.isAsking = false;
  }

  private noteRefusal({ data }: { data?: { code?: string } }): void {
    if (!data) return;
    const code = data.code ?? '';
    const isOver = !['internal', 'service_unavailable'].includes(code);
    const now = Date.now();
    const of = { person: this.person, route: 'socket handshake', sessionId: this.sessionId };
    this.scene.journal.answers.push({
      ...of,
      begunAt: now,
      at: now,
      status: isOver ? 401 : code === 'internal' ? 500 : 503,
      code,
      hasRetryAfter: true,
      isProblem: true,
    });
    if (isOver) this.close();
    else this.comeBack();
  }

  /** Refused rather than unreachable: then Socket.IO does not try again by itself. */
  private comeBack(): void {
    setTimeout(() => {
      if (!this.isEnded) this.socket.connect();
    }, againAfterMs).unref();
  }
}
