import { endedSessionsSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

/** All but the one that asks; answers how many there were. */
export async function endOtherSessions(): Promise<number> {
  const { ended } = await request('/api/auth/sessions', endedSessionsSchema, { method: 'DELETE' });
  return ended;
}
