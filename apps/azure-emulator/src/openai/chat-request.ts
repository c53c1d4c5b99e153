import { z } from 'zod';
import { OPENAI_ERRORS } from './errors.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(part), z.null()]);
const role = z.enum(['system', 'developer', 'user', 'assistant', 'tool']);

const schema = z.looseObject({
  messages: z.array(z.looseObject({ role, content: content.optional() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
});

export interface ChatMessage {
  role: z.infer<typeof role>;
  text: string;
}

export interface ChatRequest {
  messages: ChatMessage[];
  isStreamed: boolean;
  includesUsage: boolean;
  mostTokens: number;
}

export function readChatRequest(body: unknown): ChatRequest {
  const result = schema.safeParse(body ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue!.path.join('.') || 'body';
    throw OPENAI_ERRORS.invalidRequest(`Invalid value for '${path}': ${issue!.message}`, path);
  }
  const { messages, stream, stream_options, max_tokens, max_completion_tokens } = result.data;
  return {
    messages: messages.map((message) => ({ role: message.role, text: textOf(message.content) })),
    isStreamed: stream ?? false,
    includesUsage: stream_options?.include_usage ?? false,
    mostTokens: max_completion_tokens ?? max_tokens ?? Infinity,
  };
}

function textOf(value: z.infer<typeof content> | undefined): string {
  if (typeof value === 'string') return value;
  return (value ?? []).map((piece) => piece.text ?? '').join('\n');
}

/** Roughly: four characters to a token, and a few for each message's wrapping. */
export function estimateTokens(messages: ChatMessage[]): number {
  return messages.reduce((sum, { text }) => sum + 4 + Math.ceil(text.length / 4), 3);
}
