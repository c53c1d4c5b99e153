import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { within } from '#platform';
import { ReadinessDataSource } from '../database/database.module.ts';
import { missingMigrations } from '../database/migrate.ts';
import { type DatabaseStanding, type Look, standingOf } from './database-standing.ts';

/** Whoever asks for readiness gives up after a few seconds, too. */
const patienceMs = 1_500;

/** Looks at the database by a connection of its own, once at a time however many ask. */
@Injectable()
export class DatabaseLook implements OnApplicationBootstrap {
  private looking: Promise<Look> | null = null;
  private begunAt = 0;
  private before: Look | null = null;

  constructor(@Inject(ReadinessDataSource) private readonly dataSource: DataSource) {}

  /** So that a database which is slow from now on is known to be there. */
  async onApplicationBootstrap(): Promise<void> {
    await this.take();
  }

  async take(): Promise<DatabaseStanding> {
    this.looking ??= this.begin();
    const look = await within(patienceMs, this.looking, 'the database').catch(() => null);
    return standingOf(look, this.before, this.waitedMs);
  }

  private async begin(): Promise<Look> {
    this.begunAt = performance.now();
    this.before = await this.look();
    this.looking = null;
    return this.before;
  }

  private async look(): Promise<Look> {
    try {
      const [row] = (await this.dataSource.query(
        `SELECT current_setting('transaction_read_only') = 'on' AS "isReadOnly"`,
      )) as { isReadOnly: boolean }[];
      const missing = await missingMigrations(this.dataSource);
      return {
        answerMs: this.waitedMs,
        missingMigrations: missing,
        isReadOnly: row?.isReadOnly ?? false,
      };
    } catch {
      return 'failed';
    }
  }

  private get waitedMs(): number {
    return Math.round(performance.now() - this.begunAt);
  }
}
