import type { Attempt, Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';
import { byId, grouped } from './grouped.ts';

/** Every acknowledged message is there, under its owner, with its text, unless its conversation was to be deleted. */
export function acknowledgedMessages({ sent, deleted }: Journal, stored: Stored): string[] {
  const [messages, conversations] = [byId(stored.messages), byId(stored.conversations)];
  const people = new Map(stored.users.map(({ id, person }) => [id, person]));
  const deletions = grouped(deleted, ({ conversationId }) => conversationId);
  return sent
    .filter(({ ackAt }) => ackAt !== null)
    .flatMap(({ messageId, conversationId, person, content }) => {
      const conversation = conversations.get(conversationId);
      const mayBeGone = deletions.has(conversationId);
      if (!conversation) return mayBeGone ? [] : [`conversation ${conversationId} of ${person} is lost`];
      const message = messages.get(messageId ?? '');
      if (!message) return [`message ${messageId} of ${person} was acknowledged and is lost`];
      const owner = people.get(conversation.userId);
      if (owner !== person) return [`message ${messageId} of ${person} lies with ${owner}`];
      if (message.conversationId !== conversationId || message.content !== content)
        return [`message ${messageId} of ${person} is not what was sent`];
      return [];
    });
}

/** However often a message was sent under one `clientMessageId`, there is one, and everybody was told of that one. */
export function sentOnce({ sent }: Journal, stored: Stored): string[] {
  const key = (item: { conversationId: string; clientMessageId: string | null }) =>
    `${item.conversationId} ${item.clientMessageId}`;
  const written = grouped(
    stored.messages.filter(({ clientMessageId }) => clientMessageId !== null),
    key,
  );
  const acknowledged = grouped(
    sent.filter(({ ackAt }) => ackAt !== null),
    key,
  );
  const twice = [...written].filter(([, rows]) => rows.length > 1).map(([id]) => `${id} is stored twice`);
  const differently = [...acknowledged]
    .filter(([, acks]) => new Set(acks.map((ack) => `${ack.messageId} ${ack.generationId}`)).size > 1)
    .map(([id]) => `${id} was acknowledged in two ways`);
  return [...twice, ...differently];
}

/** A conversation whose creation was acknowledged is there, one whose deletion was acknowledged is not. */
export function conversationsKept({ created, deleted }: Journal, stored: Stored): string[] {
  const there = byId(stored.conversations);
  const toGo = new Set(deleted.map(({ conversationId }) => conversationId));
  const lost = created
    .filter(({ ackAt, conversationId }) => ackAt !== null && !toGo.has(conversationId))
    .filter(({ conversationId }) => !there.has(conversationId));
  const back = deleted.filter(({ ackAt, conversationId }) => ackAt !== null && there.has(conversationId));
  return [
    ...lost.map(({ conversationId, person }) => `conversation ${conversationId} of ${person} is lost`),
    ...back.map(
      ({ conversationId, person }) => `conversation ${conversationId} of ${person} was deleted and is there`,
    ),
  ];
}

const couldEndAfter = ({ ackAt }: Attempt, time: number) => ackAt === null || ackAt >= time;

/** The title is the one acknowledged last, or one asked for at the same time or without an answer. */
export function titlesKept({ renamed }: Journal, stored: Stored): string[] {
  const titles = new Map(stored.conversations.map(({ id, title }) => [id, title]));
  return [...grouped(renamed, ({ conversationId }) => conversationId)].flatMap(([id, attempts]) => {
    const last = attempts.filter(({ ackAt }) => ackAt !== null).toSorted((a, b) => b.begunAt - a.begunAt)[0];
    if (!last || !titles.has(id)) return [];
    const possible = attempts.filter((attempt) => couldEndAfter(attempt, last.begunAt));
    return possible.some(({ title }) => title === titles.get(id))
      ? []
      : [`conversation ${id} lost its title`];
  });
}
