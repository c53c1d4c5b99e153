import type { Caller } from '#platform';

/** Azure has just answered 401 to it. */
export interface RejectedToken {
  accessToken: string;
  /** What Azure wants of the person before it takes another (a claims challenge); null where another token may do. */
  claims: string | null;
}

/**
 * Where the person's own Azure token comes from; the application provides it. Asked anew for each generation and never
 * kept here, so that no call can be made with somebody else's (security.md AUZ-05).
 */
export abstract class AccessTokenSource {
  /**
   * @param rejected get another than this one; keep its claims, and the person is asked for them when they confirm.
   * @throws AppError `reauthentication_required` when only the person can help.
   */
  abstract accessToken(
    caller: Pick<Caller, 'userId' | 'sessionId'>,
    rejected?: RejectedToken,
  ): Promise<string>;
}
