'use client';

import { useQuery } from '@tanstack/react-query';
import type { Message } from '#contracts';
import { modelsQuery } from '../api/list-models.ts';
import type { PathStep } from '../message-path.ts';
import { AssistantMessage } from './assistant-message.tsx';
import { UserMessage } from './user-message.tsx';

interface StepsProps {
  path: PathStep[];
  onChoose: (message: Message, version: string) => void;
  onEdit: ((message: Message, content: string) => void) | null;
  onRegenerate: ((message: Message) => void) | null;
}

/** The messages of the way that is shown, questions and answers. */
export function Steps({ path, onChoose, onEdit, onRegenerate }: StepsProps) {
  const models = useQuery(modelsQuery);
  return path.map(({ message, versions }) =>
    message.role === 'user' ? (
      <UserMessage
        key={message.id}
        message={message}
        versions={versions}
        onChoose={onChoose}
        onEdit={onEdit}
      />
    ) : (
      <AssistantMessage
        key={message.id}
        message={message}
        versions={versions}
        modelLabel={models.data?.items.find(({ id }) => id === message.model)?.label ?? null}
        onChoose={onChoose}
        onRegenerate={onRegenerate}
      />
    ),
  );
}
