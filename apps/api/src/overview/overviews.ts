import { Injectable } from '@nestjs/common';
import { AuditFigures } from '#audit';
import { PeopleFigures } from '#auth';
import { UsageFigures } from '#chat';
import type { Overview, PersonUsage } from '#contracts';
import { AppError, Clock } from '#platform';
import { daysUntil, failuresByKind, signInsByDay, usageByDay } from './figures.ts';

const keptMs = 10_000;
const bars = 10;

/** What the charts of the administration draw. It is counted at most once in ten seconds, however many look on. */
@Injectable()
export class Overviews {
  private readonly kept = new Map<number, { until: number; overview: Promise<Overview> }>();

  constructor(
    private readonly clock: Clock,
    private readonly people: PeopleFigures,
    private readonly audit: AuditFigures,
    private readonly usage: UsageFigures,
  ) {}

  of(days: number): Promise<Overview> {
    const now = this.clock.now();
    const kept = this.kept.get(days);
    if (kept && now.getTime() < kept.until) return kept.overview;
    const overview = this.count(now, days);
    this.kept.set(days, { until: now.getTime() + keptMs, overview });
    // What failed is asked for anew.
    overview.catch(() => this.kept.delete(days));
    return overview;
  }

  async usageOf(userId: string, days: number): Promise<PersonUsage> {
    const range = daysUntil(this.clock.now(), days);
    const known = await this.people.namesOf([userId]);
    if (known.size === 0) throw new AppError('not_found');
    return { usage: usageByDay(range, await this.usage.byDayOf(userId, range[0]!)) };
  }

  /** One after the other: a screen that few look at takes one connection, not six. */
  private async count(now: Date, days: number): Promise<Overview> {
    const range = daysUntil(now, days);
    const since = range[0]!;
    const people = await this.people.people();
    const sessions = await this.people.sessions();
    const azureTokens = await this.people.azureTokens(people);
    const signIns = await this.audit.signIns(since);
    const failures = await this.audit.failures(since);
    const usage = await this.usage.byDay(since);
    const top = await this.usage.topPeople(since, bars);
    const names = await this.people.namesOf(top.map(({ userId }) => userId));
    return {
      generatedAt: now.toISOString(),
      people,
      sessions,
      azureTokens,
      signIns: signInsByDay(range, signIns, failures),
      usage: usageByDay(range, usage),
      usageByPerson: top.flatMap(({ userId, tokens }) => {
        const user = names.get(userId);
        return user ? [{ user, tokens }] : [];
      }),
      failures: failuresByKind(failures, bars),
    };
  }
}
