'use client';

import { Search } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';

const typingPauseMs = 250;

interface HistorySearchFieldProps {
  ref: RefObject<HTMLInputElement | null>;
  /** With what is looked for, or nothing. Must stay the same function. */
  onSearch: (search: string) => void;
}

/** Searches when one pauses to type, or at once with Enter; emptied, with Escape for one, it shows the list again at once. */
export function HistorySearchField({ ref, onSearch }: HistorySearchFieldProps) {
  const [text, setText] = useState('');
  const search = text.trim();
  useEffect(() => {
    const timer = setTimeout(() => onSearch(search), search === '' ? 0 : typingPauseMs);
    return () => clearTimeout(timer);
  }, [search, onSearch]);
  return (
    <search className="relative block px-2.5 pt-1.5 pb-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-5 size-4 -translate-y-1/2 text-muted-foreground"
      />
      <input
        ref={ref}
        type="search"
        aria-label="Search conversations"
        aria-keyshortcuts="Control+K Meta+K"
        title="Search conversations (Ctrl+K)"
        placeholder="Search"
        maxLength={200}
        autoComplete="off"
        enterKeyHint="search"
        className="h-9 w-full rounded-lg border border-input bg-card pr-2 pl-8 text-sm outline-none placeholder:text-muted-foreground focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/60"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, nativeEvent }) => {
          if (nativeEvent.isComposing) return;
          if (key === 'Enter') onSearch(search);
          if (key === 'Escape') setText('');
        }}
      />
    </search>
  );
}
