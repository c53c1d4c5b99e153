import { clsx } from 'clsx';
import type { MouseEvent, ReactNode } from 'react';
import { conversationAddress } from '../use-conversation-address.ts';

interface ConversationLinkProps {
  id: string;
  current: boolean;
  onOpen: (id: string) => void;
  title: string;
  className?: string;
  children: ReactNode;
}

/** A click that means another tab or window stays a link. */
export function ConversationLink({ id, current, onOpen, title, className, children }: ConversationLinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(id);
  };
  return (
    <a
      href={conversationAddress(id)}
      aria-current={current ? 'page' : undefined}
      title={title}
      className={clsx(
        'min-w-0 flex-1 rounded-lg px-2.5 py-2 text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring',
        className,
      )}
      onClick={follow}
    >
      {children}
    </a>
  );
}
