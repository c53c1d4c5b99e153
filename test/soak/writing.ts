/** What people write. Everything that was asked for is written down, and what was acknowledged. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Conversation, Generation, WholeTurnAnswer } from '#contracts';
import { follow, stop } from './answers.ts';
import type { Browser } from './browser.ts';
import type { Sent } from './journal.ts';
import type { Habit, Person, Question } from './person.ts';
import { newText, sendUntilTold } from './sending.ts';

const mostConversations = 8;

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
  'whole turn': [3, wholeTurn],
} as const;
