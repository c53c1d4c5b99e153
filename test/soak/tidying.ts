/** What people do with the conversations that they have. */
import type { Conversation, Message, Page } from '#contracts';
import { patientForMs, stop } from './answers.ts';
import type { Habit } from './person.ts';
import { someWords, textOf } from './scene.ts';

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

export const tidying = { reload: [14, reload], rename: [6, rename], remove: [2, remove] } as const;
