import { type AzureToken, azureTokenAnswerSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export async function refreshAzureToken(): Promise<AzureToken> {
  return (await request('/api/auth/refresh', azureTokenAnswerSchema, { method: 'POST' })).azureToken;
}
