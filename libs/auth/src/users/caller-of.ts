import { permissionsOf } from '#contracts';
import type { Caller } from '#platform';
import { effectiveRoles } from './roles.ts';
import type { User } from './user.entity.ts';

/** The person as whoever serves a call sees them, with the rights that they have now. */
export function callerOf(user: User, sessionId: string | null): Caller {
  const roles = effectiveRoles(user);
  return { userId: user.id, sessionId, roles, permissions: permissionsOf(roles) };
}
