import { type SessionAnswer, sessionAnswerSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export function completeDevice(attemptId: string): Promise<SessionAnswer> {
  return request(`/api/auth/device/${attemptId}/complete`, sessionAnswerSchema, { method: 'POST' });
}
