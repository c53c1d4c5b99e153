import { endedSessionsSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

/** Answers how many there were. */
export async function endSessionsOfPerson(id: string): Promise<number> {
  const path = `${personPath(id)}/sessions`;
  return (await request(path, endedSessionsSchema, { method: 'DELETE' })).ended;
}
