/** What people do with conversations. Each keeps book of what it asked for and what was acknowledged. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Conversation, Generation, Message, Page, SentMessage, WholeTurnAnswer } from '#contracts';
import { readEvents } from '../support/chatter.ts';
import type { Browser } from './browser.ts';
import type { Sent } from './journal.ts';
import type { Habit, Person, Question } from './person.ts';
import { someWords, textOf } from './scene.ts';

const tries = 30;
const retryPauseMs = 300;
const mostConversations = 8;
const patientForMs = 8_000;

const retryable = (status: number) => status === 0 || status === 503 || status === 429;

function newText({ person, random }: Browser): string {
  const text = textOf(person, someWords(random, random.between(1, 12)));
  return random.chance(0.2) ? `count to ${random.between(30, 200)} ${text}` : `echo ${text}`;
}

async function conversationOf(browser: Browser, person: Person): Promise<string | null> {
  const { random, scene } = browser;
  const known = random.pick(person.conversations);
  if (known && (random.chance(0.85) || person.conversations.length >= mostConversations)) return known;
  const begunAt = Date.now();
  const answer = await browser.ask<Conversation>('POST', '/api/chat/conversations', {});
  if (answer?.status !== 201) return null;
  const { id } = answer.body;
  scene.journal.created.push({ person: person.alias, conversationId: id, begunAt, ackAt: Date.now() });
  person.conversations.push(id);
  return id;
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
async function sendUntilTold(
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

const noteQuestion = (person: Person, question: Question) => {
  person.questions = [...person.questions.slice(-40), question];
};

const send: Habit = async (browser, person) => {
  const conversationId = await conversationOf(browser, person);
  const sent = conversationId && (await sendUntilTold(browser, conversationId));
  if (!sent) return;
  const { message, generation } = sent;
  noteQuestion(person, { conversationId, messageId: message.id, parentId: message.parentId });
  const next = browser.random.weighted({ follow: 2, stop: 2, leave: 6 });
  if (next === 'follow') await follow(browser, generation.id);
  if (next === 'stop') {
    await wait(browser.random.between(0, 600));
    await stop(browser, generation.id);
  }
};

/** Another question in the place of an earlier one. */
const edit: Habit = async (browser, person) => {
  const earlier = browser.random.pick(person.questions);
  if (!earlier) return;
  const { conversationId, parentId } = earlier;
  const sent = await sendUntilTold(browser, conversationId, { parentId });
  if (sent) noteQuestion(person, { conversationId, messageId: sent.message.id, parentId });
};

const regenerate: Habit = async (browser, person) => {
  const question = browser.random.pick(person.questions);
  if (!question) return;
  const { conversationId, messageId } = question;
  const begun = { person: person.alias, conversationId, begunAt: Date.now(), ackAt: null as number | null };
  const attempt = { ...begun, generationId: null as string | null };
  browser.scene.journal.regenerated.push(attempt);
  const answer = await browser.ask<{ generation: Generation }>(
    'POST',
    `/api/chat/messages/${messageId}/regenerate`,
    {},
  );
  if (answer?.status !== 202) return;
  attempt.ackAt = Date.now();
  attempt.generationId = answer.body.generation.id;
};

const stop = (browser: Browser, generationId: string) =>
  browser.tab?.isConnected && browser.random.chance(0.5)
    ? browser.tab.ask('generation:stop', { generationId })
    : browser.ask('POST', `/api/chat/generations/${generationId}/stop`);

/** The same answer as server-sent events, once more from its beginning. */
async function follow(browser: Browser, generationId: string): Promise<void> {
  const { journal } = browser.scene;
  const asked = browser.ask<string>('GET', `/api/chat/generations/${generationId}/events`);
  const isSlow = await Promise.race([asked.then(() => false), wait(patientForMs, true, { ref: false })]);
  if (isSlow) await stop(browser, generationId);
  const answer = await asked;
  if (answer?.status !== 200) return;
  const events = readEvents(answer.body);
  const deltas = events.filter(({ event }) => event === 'generation:delta').map(({ data }) => data);
  const last = events.find(({ event }) => event === 'generation:finished')?.data;
  const message = last?.message as Message | undefined;
  journal.watches.push({
    person: browser.person,
    generationId,
    deltas: deltas.map(({ seq, text }) => [Number(seq), String(text)]),
    resumed: [],
    end:
      message && last
        ? { seq: Number(last.seq), status: message.status as 'done', content: message.content }
        : null,
    wasAwaited: false,
  });
}

const reload: Habit = async (browser, person) => {
  const { journal } = browser.scene;
  const list = await browser.ask<Page<Conversation>>('GET', '/api/chat/conversations?limit=20');
  if (list?.status !== 200) return;
  for (const { id } of list.body.items) journal.noteId(person.alias, id);
  const id = browser.random.pick(person.conversations);
  if (!id) return;
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 3; pages += 1) {
    const path = `/api/chat/conversations/${id}/messages?limit=20${cursor && `&cursor=${cursor}`}`;
    const page = (await browser.ask<Page<Message>>('GET', path)) as {
      status: number;
      body: Page<Message>;
    } | null;
    if (page?.status !== 200) return;
    cursor = page.body.nextCursor;
    const running = page.body.items.findLast(({ generation }) => generation);
    // Somebody who does not wait for ever.
    if (running && Date.now() - Date.parse(running.createdAt) > patientForMs)
      await stop(browser, running.generation!.id);
  }
};

const rename: Habit = async (browser, person) => {
  const conversationId = browser.random.pick(person.conversations);
  if (!conversationId) return;
  const title = textOf(person.alias, someWords(browser.random, 2));
  const attempt = {
    person: person.alias,
    conversationId,
    title,
    begunAt: Date.now(),
    ackAt: null as number | null,
  };
  browser.scene.journal.renamed.push(attempt);
  const answer = await browser.ask('PATCH', `/api/chat/conversations/${conversationId}`, { title });
  if (answer?.status === 200) attempt.ackAt = Date.now();
};

const remove: Habit = async (browser, person) => {
  const conversationId = browser.random.pick(person.conversations);
  if (!conversationId) return;
  person.conversations = person.conversations.filter((id) => id !== conversationId);
  person.questions = person.questions.filter((question) => question.conversationId !== conversationId);
  const attempt = { person: person.alias, conversationId, begunAt: Date.now(), ackAt: null as number | null };
  browser.scene.journal.deleted.push(attempt);
  const answer = await browser.ask('DELETE', `/api/chat/conversations/${conversationId}`);
  if (answer?.status === 204) attempt.ackAt = Date.now();
};

/** As a script does it; it is not told apart from another question when its answer is lost. */
const wholeTurn: Habit = async (browser, person) => {
  const { journal } = browser.scene;
  const content = newText(browser);
  const clientMessageId = `whole turn ${crypto.randomUUID()}`;
  const sent: Sent = {
    person: person.alias,
    conversationId: '',
    clientMessageId,
    content,
    begunAt: Date.now(),
    ackAt: null,
    messageId: null,
    generationId: null,
  };
  journal.sent.push(sent);
  const answer = await browser.ask<WholeTurnAnswer>('POST', '/api/chat/message', { message: content });
  if (answer?.status !== 200) return;
  const { conversationId, message } = answer.body;
  Object.assign(sent, { conversationId, messageId: message.parentId, ackAt: Date.now() });
  person.conversations.push(conversationId);
};

export const writing = {
  send: [30, send],
  edit: [6, edit],
  regenerate: [6, regenerate],
  reload: [14, reload],
  rename: [6, rename],
  remove: [2, remove],
  'whole turn': [3, wholeTurn],
} as const;
