import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import type { Caller } from '#platform';
import { callerOf } from '../users/caller-of.ts';
import type { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';
import { Admissions } from './admissions.ts';
import { OnBehalfOf } from './on-behalf-of.ts';

/** A person who calls with an Entra access token of their own. There is no session: the token is all there is. */
export interface ApiCaller {
  user: User;
  caller: Caller;
  session: null;
}

/** From an Entra access token to its person and rights. */
@Injectable()
export class EntraBearer {
  constructor(
    private readonly admissions: Admissions,
    private readonly users: Users,
    private readonly onBehalfOf: OnBehalfOf,
  ) {}

  /** The person's standing is read at every call: whoever is disabled, deleted or demoted is so at the next one. */
  async authenticate(token: string): Promise<ApiCaller | ErrorCode> {
    const admitted = await this.admissions.of(token);
    if (typeof admitted === 'string') return admitted;
    const user = await this.users.find(admitted.userId);
    if (!user) return 'not_authenticated';
    if (!user.isActive) return 'account_disabled';
    this.onBehalfOf.present(user.id, { assertion: token, tenantId: user.tenantId });
    return { user, caller: callerOf(user, null), session: null };
  }
}
