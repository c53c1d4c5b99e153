'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Menu, SquarePen } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { toastProblem } from '../../../components/toast-problem.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { product } from '../../../config/product.ts';
import { useMay } from '../../../lib/session.ts';
import { conversationQuery } from '../api/get-conversation.ts';
import { updateConversation } from '../api/update-conversation.ts';
import { storeConversation } from '../live/listen.ts';
import { titleOf } from '../title-of.ts';
import { ModelPicker } from './model-picker.tsx';

interface ChatHeaderProps {
  conversationId: string | null;
  /** For a conversation that does not exist yet. */
  newModel: string | undefined;
  onNewModel: (model: string) => void;
  onMenu: () => void;
  onNew: () => void;
  children: ReactNode;
}

export function ChatHeader({
  conversationId,
  newModel,
  onNewModel,
  onMenu,
  onNew,
  children,
}: ChatHeaderProps) {
  const queryClient = useQueryClient();
  const mayWrite = useMay('chat.use');
  const { data: conversation, isPending } = useQuery({
    ...conversationQuery(conversationId ?? ''),
    enabled: conversationId !== null,
  });
  const change = useMutation({
    mutationFn: ({ id, model }: { id: string; model: string }) => updateConversation(id, { model }),
    onSuccess: (changed) => storeConversation(queryClient, changed),
    onError: (error) => toastProblem(error, 'The model was not changed'),
  });
  const title = conversationId === null ? 'New chat' : conversation ? titleOf(conversation) : 'Conversation';
  useEffect(() => {
    document.title = `${title} · ${product.name}`;
    // Whoever signs out here leaves no title behind.
    return () => {
      document.title = product.name;
    };
  }, [title]);
  const model = change.isPending ? change.variables.model : (conversation?.model ?? newModel);
  const choose = (chosen: string): void => {
    if (conversationId === null) onNewModel(chosen);
    else change.mutate({ id: conversationId, model: chosen });
  };
  return (
    <header className="flex h-14 shrink-0 items-center gap-1.5 border-b px-3 md:px-4">
      <Button
        variant="ghost"
        size="icon"
        className="md:hidden"
        aria-label="Open conversations"
        onClick={onMenu}
      >
        <Menu />
      </Button>
      <div className="flex min-w-0 flex-1 flex-col items-start md:flex-row md:items-center md:gap-2">
        {conversationId !== null && isPending ? (
          <Skeleton className="h-5 w-40 max-w-full" />
        ) : (
          <h1 className="max-w-full truncate text-[0.9375rem] leading-snug font-semibold">{title}</h1>
        )}
        <ModelPicker model={model} onChoose={mayWrite ? choose : null} />
      </div>
      {mayWrite && (
        <Button variant="ghost" size="icon" className="md:hidden" aria-label="New chat" onClick={onNew}>
          <SquarePen />
        </Button>
      )}
      {children}
    </header>
  );
}
