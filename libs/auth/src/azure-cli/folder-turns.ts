/**
 * One `az` at a time in each folder: two would write its token cache over each other. Within this process they queue; the
 * processes of the API, which share the folders, take a lease in Postgres. Folders do not wait for each other.
 */
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Leases } from '#platform';
import { CliFailure } from './cli-failure.ts';

/** Longer than an `az` may take, so that nobody comes in while it runs; also how long one that was killed blocks others. */
const leaseSeconds = 75;

@Injectable()
export class FolderTurns {
  readonly times = { lookEveryMs: 200, patienceMs: (leaseSeconds + 15) * 1000 };
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly leases: Leases) {}

  /** Throws CliFailure when another process does not leave the folder. */
  take<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(folder) ?? Promise.resolve();
    const leased = () => this.underLease(`azure-cli ${basename(folder)}`, work);
    const turn = before.then(leased, leased);
    this.turns.set(folder, turn);
    const leave = () => this.turns.get(folder) === turn && this.turns.delete(folder);
    turn.then(leave, leave);
    return turn;
  }

  private async underLease<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const deadline = Date.now() + this.times.patienceMs;
    while (!(await this.leases.hold(name, leaseSeconds))) {
      if (Date.now() > deadline) throw new CliFailure('timeout');
      await wait(this.times.lookEveryMs);
    }
    try {
      return await work();
    } finally {
      // It lapses by itself where this fails.
      await this.leases.release(name).catch(() => undefined);
    }
  }
}
