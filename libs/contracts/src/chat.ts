import { z } from 'zod';
import { errorCodes, problemExtrasSchema } from './errors.ts';
import { pageOf, pageQuerySchema, timeSchema } from './paging.ts';

export const modelSchema = z.object({ id: z.string(), label: z.string() });
export const modelsSchema = z.object({ items: z.array(modelSchema) });
export type Model = z.infer<typeof modelSchema>;

/** Postgres cannot store U+0000 in text. */
const storable = (text: z.ZodString) =>
  text.refine((value) => !value.includes('\u0000'), 'must not contain the NUL character');

const title = storable(z.string().trim().min(1).max(200));
const deployment = storable(z.string().min(1).max(200));
/** Longest message in characters; the body limit of the API leaves room for its JSON escaping. */
export const maxMessageLength = 100_000;

export const conversationSchema = z.object({
  id: z.uuid(),
  title: z.string(),
  model: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Conversation = z.infer<typeof conversationSchema>;

/** Words, each the beginning of one in the title or in a message; blank looks for nothing and lists all. */
export const conversationQuerySchema = pageQuerySchema.extend({ search: z.string().max(200).optional() });
export type ConversationQuery = z.infer<typeof conversationQuerySchema>;

export const listedConversationSchema = conversationSchema.extend({
  /** Only of a search: the newest message that has all words, as plain text; null where the title alone has them. */
  match: z.object({ messageId: z.uuid(), excerpt: z.string() }).nullable().optional(),
});
export type ListedConversation = z.infer<typeof listedConversationSchema>;
/** A search may fill less than a page, or nothing of it, before all was looked through: `nextCursor` goes on. */
export const conversationPageSchema = pageOf(listedConversationSchema);

export const createConversationSchema = z
  .object({ title: title.optional(), model: deployment.optional() })
  .default({});
export type CreateConversation = z.infer<typeof createConversationSchema>;

export const updateConversationSchema = z.object({ title: title.optional(), model: deployment.optional() });
export type UpdateConversation = z.infer<typeof updateConversationSchema>;

export const usageSchema = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  totalTokens: z.number().int(),
});
export type Usage = z.infer<typeof usageSchema>;

/** Why an answer did not finish, in the words of the error table, with what the code adds. */
export const messageErrorSchema = problemExtrasSchema
  .omit({ issues: true })
  .extend({ code: z.enum(errorCodes), title: z.string(), detail: z.string() });
export type MessageError = z.infer<typeof messageErrorSchema>;

export const messageStatuses = ['streaming', 'done', 'stopped', 'failed', 'interrupted'] as const;
export const messageSchema = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  parentId: z.uuid().nullable(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  status: z.enum(messageStatuses),
  model: z.string().nullable(),
  usage: usageSchema.nullable(),
  error: messageErrorSchema.optional(),
  /** The model's own limit of length ended the answer: it is done, but not complete. */
  truncated: z.boolean().optional(),
  /** While streaming: whose events to resume, and the last number that `content` already holds. */
  generation: z.object({ id: z.uuid(), seq: z.number().int() }).optional(),
  createdAt: timeSchema,
});
export type Message = z.infer<typeof messageSchema>;
export type MessageStatus = Message['status'];

/** The newest `limit` messages, oldest first; `nextCursor` leads to the ones before them. */
export const messagePageSchema = pageOf(messageSchema);
export const messageQuerySchema = pageQuerySchema;

export const sendMessageSchema = z.object({
  content: storable(z.string().max(maxMessageLength)).refine(
    (text) => text.trim().length > 0,
    'must not be empty',
  ),
  clientMessageId: storable(z.string().min(1).max(100)),
  /** Absent: after the newest message. Null: a new beginning. Else: after that answer. */
  parentId: z.uuid().nullable().optional(),
  model: deployment.optional(),
});
export type SendMessage = z.infer<typeof sendMessageSchema>;

export const generationSchema = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  status: z.enum(messageStatuses),
});
export type Generation = z.infer<typeof generationSchema>;

export const sentMessageSchema = z.object({ message: messageSchema, generation: generationSchema });
export type SentMessage = z.infer<typeof sentMessageSchema>;
export const regenerateSchema = z.object({ model: deployment.optional() }).default({});
export type Regenerate = z.infer<typeof regenerateSchema>;
export const regeneratedSchema = z.object({ generation: generationSchema });
export const eventsQuerySchema = z.object({ after: z.coerce.number().int().min(0).default(0) });

export const wholeTurnSchema = z.object({
  message: sendMessageSchema.shape.content,
  conversationId: z.uuid().optional(),
});
export type WholeTurn = z.infer<typeof wholeTurnSchema>;
export const wholeTurnAnswerSchema = z.object({ conversationId: z.uuid(), message: messageSchema });
export type WholeTurnAnswer = z.infer<typeof wholeTurnAnswerSchema>;
