import { keep, readKept } from '../../lib/tab-storage.ts';

/** The place of a conversation that does not exist yet, beside the ids of those that do. */
export const newConversation = 'new';

const key = (place: string): string => `draft.${place}`;

export function readDraft(place: string): string {
  const text = readKept(key(place));
  return typeof text === 'string' ? text : '';
}

export function keepDraft(place: string, text: string): void {
  keep(key(place), text === '' ? null : text);
}

export function moveDraft(from: string, to: string): void {
  keepDraft(to, readDraft(from));
  keepDraft(from, '');
}
