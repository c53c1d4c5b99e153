/**
 * Every handler declares who may call it, with exactly one of these. Silence is refused three times: by the guard, by
 * the start of the application, and by the snapshot of all routes.
 */
import { SetMetadata } from '@nestjs/common';
import type { Permission } from '#contracts';

export type AccessRule =
  | { kind: 'public' }
  | { kind: 'optional-session' }
  | { kind: 'signed-in' }
  | { kind: 'permission'; permission: Permission };

export const accessRuleKey = 'entrada:access';

export const Access = (permission: Permission) =>
  SetMetadata(accessRuleKey, { kind: 'permission', permission } satisfies AccessRule);
export const SignedIn = () => SetMetadata(accessRuleKey, { kind: 'signed-in' } satisfies AccessRule);
/** For everybody; but a session that comes along must prove itself as for any other write. */
export const OptionalSession = () =>
  SetMetadata(accessRuleKey, { kind: 'optional-session' } satisfies AccessRule);
export const Public = () => SetMetadata(accessRuleKey, { kind: 'public' } satisfies AccessRule);

export const accessRuleOf = (handler: object): AccessRule | undefined =>
  Reflect.getMetadata(accessRuleKey, handler) as AccessRule | undefined;

export const describeRule = (rule: AccessRule): string =>
  rule.kind === 'permission' ? rule.permission : rule.kind;
