import { logoutAnswerSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

/** @returns where Microsoft signs the person out as well. */
export async function signOut(): Promise<string> {
  return (await request('/api/auth/logout', logoutAnswerSchema, { method: 'POST' })).logoutUrl;
}
