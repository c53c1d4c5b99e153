import { command } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

export function wipeAzureToken(id: string): Promise<void> {
  return command(`${personPath(id)}/azure-token`, { method: 'DELETE' });
}
