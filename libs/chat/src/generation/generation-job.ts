/** What the process that writes an answer has to know. */
export interface GenerationJob {
  id: string;
  conversationId: string;
  messageId: string;
  questionId: string;
  userId: string;
  sessionId: string | null;
  model: string;
}
