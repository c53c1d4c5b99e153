'use client';

import { SquarePen } from 'lucide-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { Brand } from '../../../components/brand.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { useMay } from '../../../lib/session.ts';
import { ConversationList } from './conversation-list.tsx';
import { HistorySearchField } from './history-search-field.tsx';
import { SearchResults } from './search-results.tsx';

interface SidebarProps {
  currentId: string | null;
  onOpen: (id: string | null) => void;
  onDeleted: (id: string) => void;
  /** Beside the name: what closes the drawer on a narrow screen. */
  corner?: ReactNode;
  searchField: RefObject<HTMLInputElement | null>;
}

export function Sidebar({ currentId, onOpen, onDeleted, corner, searchField }: SidebarProps) {
  const mayWrite = useMay('chat.use');
  const [search, setSearch] = useState('');
  return (
    <nav aria-label="Conversations" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-14 shrink-0 items-center justify-between border-b px-4">
        <Brand />
        {corner}
      </div>
      {mayWrite && (
        <div className="p-2.5 pb-1">
          <Button variant="outline" className="w-full" onClick={() => onOpen(null)}>
            <SquarePen /> New chat
          </Button>
        </div>
      )}
      <HistorySearchField ref={searchField} onSearch={setSearch} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {search === '' ? (
          <ConversationList currentId={currentId} onOpen={onOpen} onDeleted={onDeleted} />
        ) : (
          <SearchResults search={search} currentId={currentId} onOpen={onOpen} />
        )}
      </div>
    </nav>
  );
}
