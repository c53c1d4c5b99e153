'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Conversation } from '#contracts';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogTitle,
} from '../../../components/ui/alert-dialog.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { deleteConversation } from '../api/delete-conversation.ts';
import { useChatLink } from '../live/chat-link.tsx';
import { forgetConversation } from '../live/listen.ts';
import { titleOf } from '../title-of.ts';

interface DeleteDialogProps {
  conversation: Conversation;
  onClose: () => void;
  onDeleted: (id: string) => void;
}

export function DeleteDialog({ conversation, onClose, onDeleted }: DeleteDialogProps) {
  const queryClient = useQueryClient();
  const link = useChatLink();
  const remove = useMutation({
    mutationFn: () => {
      link.deleting.add(conversation.id);
      return deleteConversation(conversation.id);
    },
    onError: () => link.deleting.delete(conversation.id),
    onSuccess: () => {
      onClose();
      // Before its data goes: an open conversation would fetch it again.
      onDeleted(conversation.id);
      forgetConversation(queryClient, conversation.id);
    },
  });
  return (
    <AlertDialog open onOpenChange={(open) => !open && !remove.isPending && onClose()}>
      <AlertDialogContent>
        <AlertDialogTitle>Delete this conversation?</AlertDialogTitle>
        <AlertDialogDescription>
          “{titleOf(conversation)}” and all its messages will be deleted. This cannot be undone.
        </AlertDialogDescription>
        {remove.isError && <ProblemNotice error={remove.error} />}
        <AlertDialogFooter>
          <AlertDialogCancel asChild>
            <Button variant="outline">Cancel</Button>
          </AlertDialogCancel>
          <Button variant="destructive" aria-disabled={remove.isPending} onClick={() => remove.mutate()}>
            {remove.isPending ? 'Deleting…' : 'Delete'}
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
