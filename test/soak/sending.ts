/** How a message gets through: by whatever way is open, again and again, under one `clientMessageId`. */
import { setTimeout as wait } from 'node:timers/promises';
import type { SentMessage } from '#contracts';
import type { Browser } from './browser.ts';
import type { Sent } from './journal.ts';
import { someWords, textOf } from './scene.ts';

const tries = 30;
const retryPauseMs = 300;

const retryable = (status: number) => status === 0 || status === 503 || status === 429;

export function newText({ person, random }: Browser): string {
  const text = textOf(person, someWords(random, random.between(1, 12)));
  return random.chance(0.2) ? `count to ${random.between(30, 200)} ${text}` : `echo ${text}`;
}

/** By the socket where there is one, else by HTTP; 0 where nobody answered. */
async function post(
  browser: Browser,
  { conversationId, ...message }: { conversationId: string; content: string; clientMessageId: string },
): Promise<{ status: number; body: SentMessage | null }> {
  const { tab, random } = browser;
  if (tab?.isConnected && random.chance(0.5)) {
    const answer = await tab.ask<SentMessage>('message:send', { conversationId, ...message });
    if (!answer) return { status: 0, body: null };
    return answer.ok ? { status: 202, body: answer } : { status: answer.error.status, body: null };
  }
  const path = `/api/chat/conversations/${conversationId}/messages`;
  const answer = await browser.ask<SentMessage>('POST', path, message);
  return { status: answer?.status ?? 0, body: answer?.status === 202 ? answer.body : null };
}

/** The same `clientMessageId` until somebody has acknowledged or refused it; now and then twice at once. */
export async function sendUntilTold(
  browser: Browser,
  conversationId: string,
  more: { parentId?: string | null } = {},
): Promise<SentMessage | null> {
  const { random, scene, person } = browser;
  const message = {
    conversationId,
    content: newText(browser),
    clientMessageId: crypto.randomUUID(),
    ...more,
  };
  const once = async () => {
    const { content, clientMessageId } = message;
    const ids = { messageId: null, generationId: null };
    const sent: Sent = {
      person,
      conversationId,
      content,
      clientMessageId,
      begunAt: Date.now(),
      ackAt: null,
      ...ids,
    };
    scene.journal.sent.push(sent);
    const { status, body } = await post(browser, message);
    if (body) {
      sent.ackAt = Date.now();
      [sent.messageId, sent.generationId] = [body.message.id, body.generation.id];
    }
    return { status, body };
  };
  for (let each = 0; each < tries && browser.sessionId; each += 1) {
    const [{ status, body }] = random.chance(0.1) ? await Promise.all([once(), once()]) : [await once()];
    if (body || !retryable(status)) return body;
    await wait(retryPauseMs);
  }
  return null;
}
