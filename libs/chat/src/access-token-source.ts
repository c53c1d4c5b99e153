import type { Caller } from '#platform';

/**
 * Where the person's own Azure token comes from; the application provides it. Asked anew for each generation and never
 * kept here, so that no call can be made with somebody else's (security.md AUZ-05).
 */
export abstract class AccessTokenSource {
  /**
   * @param rejected a token that Azure has just answered 401 to: get another.
   * @throws AppError `reauthentication_required` when only the person can help.
   */
  abstract accessToken(caller: Pick<Caller, 'userId' | 'sessionId'>, rejected?: string): Promise<string>;
}
