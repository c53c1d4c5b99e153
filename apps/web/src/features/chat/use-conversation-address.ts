import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export const conversationAddress = (id: string | null): string =>
  id === null ? '/' : `/?c=${encodeURIComponent(id)}`;

/** The open conversation travels as `?c=`, so that a page of static files can hold any of them. */
export function useConversationAddress() {
  const conversationId = useSearchParams().get('c');
  const open = useCallback((id: string | null, how: 'push' | 'replace' = 'push') => {
    const address = conversationAddress(id);
    if (address === window.location.pathname + window.location.search) return;
    // The browser's own history, which Next follows: the router would fetch the page's data for each conversation.
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  }, []);
  return { conversationId, open };
}
