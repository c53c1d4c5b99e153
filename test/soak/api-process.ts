/** One of the API's processes, kept running as an orchestrator does it: whatever ends is started again. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Started } from '../support/process.ts';
import { startApi } from '../support/stack.ts';
import type { Journal, ProcessLife } from './journal.ts';

const pageBytes = 4096;
const sampleEveryMs = 5_000;
const restartPauseMs = 250;
const startWithinMs = 300_000;

export class ApiProcess {
  readonly url: string;
  private started: Started | null = null;
  private life: ProcessLife | null = null;
  private readonly sampling: ReturnType<typeof setInterval>;
  private isOver = false;

  constructor(
    private readonly name: string,
    private readonly env: Record<string, string>,
    private readonly journal: Journal,
  ) {
    this.url = `http://127.0.0.1:${env.PORT}`;
    this.sampling = setInterval(() => this.sample(), sampleEveryMs);
  }

  /** Again and again: what it needs may be away just now. */
  async start(): Promise<void> {
    for (const until = Date.now() + startWithinMs; ;) {
      try {
        this.begin(await startApi(this.env));
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await wait(restartPauseMs);
      }
    }
  }

  /** Ends it by that signal and, after a pause, starts it again. */
  async restart(signal: NodeJS.Signals, pauseMs: number): Promise<void> {
    await this.end(signal);
    await wait(pauseMs);
    await this.start();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    clearInterval(this.sampling);
    await this.end('SIGKILL');
  }

  sample(): void {
    const pid = this.started?.process.pid;
    if (!pid || !this.life || this.life.endedAt !== null) return;
    try {
      const resident = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
      const handles = readdirSync(`/proc/${pid}/fd`).length;
      this.life.samples.push({ at: Date.now(), rssBytes: resident * pageBytes, handles });
    } catch {
      // It has just ended, or this system has no /proc.
    }
  }

  private begin(started: Started): void {
    const { lines } = started;
    const life: ProcessLife = {
      name: `${this.name} (${started.process.pid})`,
      startedAt: Date.now(),
      endedAt: null,
      wasOrdered: false,
      samples: [],
      lines,
    };
    this.journal.lives.push(life);
    [this.started, this.life] = [started, life];
    started.process.once('exit', () => {
      life.endedAt = Date.now();
      if (!life.wasOrdered && !this.isOver) void this.start();
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.life) this.life.wasOrdered = true;
    await this.started?.stop(signal);
  }
}
