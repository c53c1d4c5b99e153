/**
 * The most sensitive acts need somebody who has proven not long ago who they are (OWASP ASVS 5.0, 7.5.3). A handler says
 * so beside its access rule; auth enforces it.
 */
import { SetMetadata } from '@nestjs/common';

/** Decides on the body as it came, before any schema has seen it. */
export type NeedsRecentSignIn = (body: unknown) => boolean;

const recentSignInKey = 'entrada:recent-sign-in';

/** `when` narrows it to some of the requests that the handler takes. */
export const RecentSignIn = (when: NeedsRecentSignIn = () => true) => SetMetadata(recentSignInKey, when);

export const recentSignInRuleOf = (handler: object): NeedsRecentSignIn | undefined =>
  Reflect.getMetadata(recentSignInKey, handler) as NeedsRecentSignIn | undefined;
