import { type PersonDetail, personDetailSchema, type UpdatePerson } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

/** Only what is named is changed. */
export function updatePerson(id: string, update: UpdatePerson): Promise<PersonDetail> {
  return request(personPath(id), personDetailSchema, { method: 'PATCH', body: update });
}
