import type { Message, Usage } from '#contracts';
import type { StoredMessage } from './message.entity.ts';

export function messageOf(row: StoredMessage): Message {
  const { id, conversationId, parentId, role, content, status, model, error, truncated, createdAt } = row;
  return {
    id,
    conversationId,
    parentId,
    role,
    content,
    status,
    model,
    usage: usageOf(row),
    ...(error ? { error } : {}),
    ...(truncated ? { truncated } : {}),
    createdAt: createdAt.toISOString(),
  };
}

function usageOf({ inputTokens, outputTokens }: StoredMessage): Usage | null {
  if (inputTokens === null || outputTokens === null) return null;
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}
