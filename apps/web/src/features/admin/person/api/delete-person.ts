import { command } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

export function deletePerson(id: string): Promise<void> {
  return command(personPath(id), { method: 'DELETE' });
}
