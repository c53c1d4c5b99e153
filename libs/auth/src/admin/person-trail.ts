import { Injectable } from '@nestjs/common';
import { AuditEntries } from '#audit';
import type { AuditPage, AuditQuery } from '#contracts';
import { AppError } from '#platform';
import { Users } from '../users/users.ts';

/** What a person did and what was done to them, from the audit log, which keeps people who are gone. */
@Injectable()
export class PersonTrail {
  constructor(
    private readonly entries: AuditEntries,
    private readonly users: Users,
  ) {}

  async of(id: string, query: AuditQuery): Promise<AuditPage> {
    const page = await this.entries.ofPerson(id, query);
    if (page.total === 0 && !(await this.isKnown(id))) throw new AppError('not_found');
    return page;
  }

  /** To us, or to the log: a filter may have left nothing. */
  private async isKnown(id: string): Promise<boolean> {
    if (await this.users.find(id)) return true;
    return (await this.entries.ofPerson(id, { limit: 1 })).total > 0;
  }
}
