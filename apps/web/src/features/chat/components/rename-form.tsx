'use client';

import { useState } from 'react';

interface RenameFormProps {
  title: string;
  onDone: (title: string | null) => void;
}

function focusAll(field: HTMLInputElement | null): void {
  field?.focus();
  field?.select();
}

/** In place of the title: Enter or leaving the field keeps the new name, Escape the old one. */
export function RenameForm({ title, onDone }: RenameFormProps) {
  const [name, setName] = useState(title);
  const finish = (): void => {
    const trimmed = name.trim();
    onDone(trimmed === '' || trimmed === title ? null : trimmed);
  };
  return (
    <form
      className="flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <input
        ref={focusAll}
        aria-label="New title"
        maxLength={200}
        className="h-9 w-full rounded-lg border border-ring bg-card px-2.5 text-sm outline-none"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // Not also the drawer around it.
          event.stopPropagation();
          onDone(null);
        }}
      />
    </form>
  );
}
