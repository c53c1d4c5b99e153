/**
 * What somebody is writing, kept in the tab until it is sent: it survives a reload and signing in again.
 * `clientMessageId` stays with a text that was sent but not confirmed, so that sending it again cannot double it.
 */
export interface Draft {
  text: string;
  clientMessageId: string | null;
}

const prefix = 'entrada.draft.';
export const newConversation = 'new';
const noDraft: Draft = { text: '', clientMessageId: null };

/** Storage may be switched off; then a draft lives only as long as the page. */
function storage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export function readDraft(conversation: string): Draft {
  try {
    const stored: unknown = JSON.parse(storage()?.getItem(prefix + conversation) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return noDraft;
    const { text, clientMessageId } = stored as Record<string, unknown>;
    if (typeof text !== 'string') return noDraft;
    return { text, clientMessageId: typeof clientMessageId === 'string' ? clientMessageId : null };
  } catch {
    return noDraft;
  }
}

export function keepDraft(conversation: string, draft: Draft): void {
  if (draft.text === '') return forgetDraft(conversation);
  try {
    storage()?.setItem(prefix + conversation, JSON.stringify(draft));
  } catch {
    // Full: the text is still in the box.
  }
}

export function forgetDraft(conversation: string): void {
  storage()?.removeItem(prefix + conversation);
}

export function forgetDrafts(): void {
  const held = storage();
  if (held === null) return;
  for (const key of Object.keys(held)) if (key.startsWith(prefix)) held.removeItem(key);
}
