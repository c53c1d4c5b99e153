'use client';

import { X } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../components/ui/button.tsx';
import { Drawer, DrawerContent } from '../../../components/ui/drawer.tsx';
import { ChatLinkProvider } from '../live/chat-link.tsx';
import { useConversationAddress } from '../use-conversation-address.ts';
import { useSearchKey } from '../use-search-key.ts';
import { ChatHeader } from './chat-header.tsx';
import { Conversation } from './conversation.tsx';
import { LinkBanner } from './link-banner.tsx';
import { Sidebar } from './sidebar.tsx';

/** @param tools stand at the right of the header: theme and account. */
export function ChatScreen({ tools }: { tools: ReactNode }) {
  const { conversationId, open } = useConversationAddress();
  const [menuOpen, setMenuOpen] = useState(false);
  const wideSearch = useRef<HTMLInputElement>(null);
  const drawerSearch = useRef<HTMLInputElement>(null);
  useSearchKey(wideSearch, drawerSearch, () => setMenuOpen(true));
  const [newModel, setNewModel] = useState<string>();

  const openFromList = useCallback(
    (id: string | null) => {
      setMenuOpen(false);
      open(id);
    },
    [open],
  );
  const shown = useRef(conversationId);
  useEffect(() => {
    shown.current = conversationId;
  }, [conversationId]);
  const leaveDeleted = useCallback(
    (id: string) => {
      if (shown.current === id) open(null, 'replace');
    },
    [open],
  );
  const leaveDeletedElsewhere = useCallback(
    (id: string) => {
      if (shown.current === id) toast('This conversation was deleted in another window.');
      leaveDeleted(id);
    },
    [leaveDeleted],
  );
  const created = useCallback(
    (id: string) => {
      // Whoever has gone elsewhere in the meantime is not pulled back.
      if (shown.current === null) open(id);
    },
    [open],
  );
  const sidebar = { currentId: conversationId, onOpen: openFromList, onDeleted: leaveDeleted };
  return (
    <ChatLinkProvider onDeleted={leaveDeletedElsewhere}>
      <div className="flex h-dvh overflow-hidden">
        <div className="hidden w-72 shrink-0 border-r bg-sidebar text-sidebar-foreground md:flex">
          <Sidebar {...sidebar} searchField={wideSearch} />
        </div>
        <Drawer open={menuOpen} onOpenChange={setMenuOpen}>
          <DrawerContent
            title="Conversations"
            // What is written in a field goes first.
            onEscapeKeyDown={(event) =>
              event.target instanceof HTMLInputElement && event.target.value !== '' && event.preventDefault()
            }
          >
            <Sidebar
              {...sidebar}
              searchField={drawerSearch}
              corner={
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label="Close conversations"
                  onClick={() => setMenuOpen(false)}
                >
                  <X />
                </Button>
              }
            />
          </DrawerContent>
        </Drawer>
        <div className="flex min-w-0 flex-1 flex-col">
          <ChatHeader
            conversationId={conversationId}
            newModel={newModel}
            onNewModel={setNewModel}
            onMenu={() => setMenuOpen(true)}
            onNew={() => open(null)}
          >
            {tools}
          </ChatHeader>
          <LinkBanner />
          <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <Conversation
              conversationId={conversationId}
              model={conversationId === null ? newModel : undefined}
              onCreated={created}
            />
          </main>
        </div>
      </div>
    </ChatLinkProvider>
  );
}
