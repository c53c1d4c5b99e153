/** Where a message hangs in the tree of its conversation. Decisions on plain rows; the rows are the caller's own. */
import { AppError } from '#platform';
import type { StoredMessage } from './message.entity.ts';

type Place = Pick<StoredMessage, 'id' | 'role' | 'status' | 'parentId'>;

/**
 * What a new question follows. Not named: the newest message. Null: nothing, a new beginning. Else an answer that is
 * finished, for a question cannot follow a question, nor half a sentence.
 */
export function parentOfQuestion(
  requested: string | null | undefined,
  newest: Place | null,
  named: Place | null,
): string | null {
  if (requested === undefined) return newest?.id ?? null;
  if (requested === null) return null;
  if (!named) throw new AppError('not_found');
  if (named.role !== 'assistant' || named.status === 'streaming')
    throw new AppError('validation_failed', {
      issues: [{ path: 'parentId', message: 'must be the id of a finished answer' }],
    });
  return named.id;
}

/** The question that an answer answered; a question that never got one is answered itself. */
export function questionBehind(message: Place): string {
  const question = message.role === 'user' ? message.id : message.parentId;
  if (question === null) throw new AppError('not_found');
  return question;
}
