'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import type { Conversation } from '#contracts';
import { toastProblem } from '../../../components/toast-problem.ts';
import { Button } from '../../../components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '../../../components/ui/dropdown-menu.tsx';
import { clsx } from 'clsx';
import { updateConversation } from '../api/update-conversation.ts';
import { titleOf } from '../title-of.ts';
import { storeConversation } from '../live/listen.ts';
import { ConversationLink } from './conversation-link.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { RenameForm } from './rename-form.tsx';

interface ConversationItemProps {
  conversation: Conversation;
  current: boolean;
  /** Whether the person may rename and delete. */
  writable: boolean;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
}

export const ConversationItem = memo(function ConversationItem(props: ConversationItemProps) {
  const { conversation, current, writable, onOpen, onDeleted } = props;
  const [renaming, setRenaming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const options = useRef<HTMLButtonElement>(null);
  const rename = useRename(conversation);
  const title = titleOf(rename.isPending ? { title: rename.variables } : conversation);

  if (renaming) {
    return (
      <li className="flex">
        <RenameForm
          title={title}
          onDone={(name) => {
            setRenaming(false);
            if (name !== null) rename.mutate(name);
            requestAnimationFrame(() => options.current?.focus());
          }}
        />
      </li>
    );
  }
  return (
    <li
      className={clsx(
        'group/item flex items-center rounded-lg transition-colors focus-within:bg-accent hover:bg-accent',
        current && 'bg-accent',
      )}
    >
      <ConversationLink
        id={conversation.id}
        current={current}
        onOpen={onOpen}
        title={title}
        className={clsx('truncate', current && 'font-medium')}
      >
        {title}
      </ConversationLink>
      {writable && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button
              ref={options}
              variant="ghost"
              size="icon-sm"
              aria-label={`Options for ${title}`}
              className="mr-0.5 text-muted-foreground opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
            >
              <Ellipsis />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end" onCloseAutoFocus={(event) => renaming && event.preventDefault()}>
            <DropdownMenuItem onSelect={() => setTimeout(() => setRenaming(true))}>
              <Pencil /> Rename
            </DropdownMenuItem>
            <DropdownMenuItem destructive onSelect={() => setDeleting(true)}>
              <Trash2 /> Delete
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
      {deleting && (
        <DeleteDialog conversation={conversation} onClose={() => setDeleting(false)} onDeleted={onDeleted} />
      )}
    </li>
  );
});

function useRename(conversation: Conversation) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => updateConversation(conversation.id, { title }),
    onSuccess: (renamed) => storeConversation(queryClient, renamed),
    onError: (error) => toastProblem(error, 'Not renamed'),
  });
}
