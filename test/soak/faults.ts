/** How each fault of the plan is done to the installation, and when it was over. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Installation } from './installation.ts';
import type { Journal } from './journal.ts';
import { type FaultKind, natures, type PlannedFault } from './plan.ts';

/** Whom faults can reach besides the installation. */
export interface Reach {
  people: readonly string[];
  /** Breaks the connection of this share of all open tabs. */
  loseSockets(share: number): void;
}

type Act = (fault: PlannedFault) => Promise<void>;

export class Faults {
  /** One fault at a time on each. */
  private readonly busy = new Map<string, Promise<void>>();
  private readonly acts: Readonly<Record<FaultKind, Act>>;

  constructor(
    private readonly installation: Installation,
    private readonly journal: Journal,
    reach: Reach,
  ) {
    const { postgres, redis, nginx, processes, azure } = installation;
    const api = ({ draw }: PlannedFault) => processes[Math.floor(draw * processes.length)]!;
    const openai = (lever: object) => this.meanwhile('openai', [{ times: null, ...lever }]);
    const token = (levers: (fault: PlannedFault) => object[]) => (fault: PlannedFault) =>
      this.meanwhile('token', levers(fault))(fault);
    this.acts = {
      'api killed': (fault) => api(fault).restart('SIGKILL', fault.lastsMs),
      'api drained': (fault) => api(fault).restart('SIGTERM', fault.lastsMs),
      'postgres restarted': async ({ lastsMs }) => {
        await postgres.crash();
        await wait(lastsMs);
        await postgres.start();
      },
      'postgres connections ended': () => postgres.endConnections(),
      'redis stopped': async ({ lastsMs }) => {
        await redis.stop();
        await wait(lastsMs);
        await redis.start();
      },
      'redis silent': async ({ lastsMs }) => {
        redis.pause();
        await wait(lastsMs);
        redis.resume();
      },
      'azure busy': openai({ kind: 'too-many-requests', retryAfterMs: 300 }),
      'azure failing': openai({ kind: 'server-error', status: 503 }),
      'azure cut': openai({ kind: 'cut', after: 4 }),
      'azure stalled': openai({ kind: 'stall', after: 4 }),
      'azure garbage': openai({ kind: 'garbage', after: 4 }),
      'entra away': async ({ lastsMs }) => {
        await azure.set({ down: ['token', 'discovery', 'keys', 'authorize', 'device'] });
        await wait(lastsMs);
        await azure.set({ down: [] });
      },
      'entra busy': token(() => [
        { times: null, status: 429, error: 'temporarily_unavailable', retryAfter: 1 },
      ]),
      'entra grant invalid': token(({ draw }) => [
        {
          times: null,
          person: reach.people[Math.floor(draw * reach.people.length)],
          grant: 'refresh_token',
          error: 'invalid_grant',
          code: 50173,
        },
      ]),
      'sockets lost': async ({ draw }) => reach.loseSockets(0.3 + draw * 0.7),
      'nginx reloaded': async () => nginx.reload(),
    };
  }

  /** Ends when the last fault is over. */
  async follow(plan: readonly PlannedFault[], begunAt: number): Promise<void> {
    await Promise.all(
      plan.map(async (fault) => {
        await wait(Math.max(0, begunAt + fault.at - Date.now()));
        await this.inTurn(this.placeOf(fault), () => this.make(fault));
      }),
    );
  }

  private placeOf({ kind, draw }: PlannedFault): string {
    const { on } = natures[kind];
    return on === 'api' ? `api ${Math.floor(draw * this.installation.processes.length)}` : on;
  }

  private inTurn(place: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.busy.get(place) ?? Promise.resolve()).then(work);
    this.busy.set(place, turn);
    return turn;
  }

  private async make(fault: PlannedFault): Promise<void> {
    const done = { kind: fault.kind, begunAt: Date.now(), endedAt: Infinity };
    this.journal.faults.push(done);
    await this.acts[fault.kind](fault);
    done.endedAt = Date.now();
  }

  private meanwhile(part: 'openai' | 'token', levers: object[]): Act {
    return async ({ lastsMs }) => {
      await this.installation.azure.set({ faults: { [part]: levers } });
      await wait(lastsMs);
      await this.installation.azure.set({ faults: { [part]: [] } });
    };
  }
}
