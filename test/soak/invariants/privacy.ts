import type { Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';
import { byId } from './grouped.ts';

/** Nobody is told a text, or the id of a conversation or an answer, that is not theirs. */
export function nothingOfOthers({ strayTexts, toldOf }: Journal, stored: Stored): string[] {
  const people = byId(stored.users);
  const owners = new Map(
    [...stored.conversations, ...stored.generations].map(({ id, userId }) => [
      id,
      people.get(userId)?.person,
    ]),
  );
  const ids = [...toldOf].flatMap(([id, readers]) =>
    [...readers]
      .filter((reader) => owners.has(id) && owners.get(id) !== reader)
      .map((reader) => `${reader} was told of ${id}, which is ${owners.get(id)}’s`),
  );
  return [
    ...strayTexts.map(({ reader, belongsTo, where }) => `${reader} read a text of ${belongsTo} at ${where}`),
    ...ids,
  ];
}

/** The emulator signs each answer with the person of the token that the question came with. */
const signature = (displayName: string) => `asked by ${displayName}*`;

/** Every answer was asked for with the token of the person in whose conversation it lies. */
export function ownTokens(_: Journal, stored: Stored): string[] {
  const [people, conversations] = [byId(stored.users), byId(stored.conversations)];
  return stored.messages
    .filter(({ role, content }) => role === 'assistant' && /asked by [^*]+\*/.test(content))
    .flatMap(({ id, conversationId, content }) => {
      const owner = people.get(conversations.get(conversationId)?.userId ?? '');
      return owner && content.includes(signature(owner.displayName))
        ? []
        : [`message ${id} of ${owner?.person} was asked for with the token of another`];
    });
}

/** Nothing is asked for twice: an answer that has begun to come is never ordered anew. */
export function askedOnce({ sent, regenerated }: Journal, { calls }: Stored): string[] {
  const wanted = new Map<string, number>();
  const add = (person: string) => wanted.set(person, (wanted.get(person) ?? 0) + 1);
  const messages = new Map(
    sent.map((each) => [`${each.conversationId} ${each.clientMessageId}`, each.person]),
  );
  [...messages.values()].forEach(add);
  regenerated.forEach(({ person }) => add(person));
  const served = new Map<string, number>();
  for (const { area, person = 'nobody', deltas = 0 } of calls)
    if (area === 'openai' && deltas > 0) served.set(person, (served.get(person) ?? 0) + 1);
  return [...served]
    .filter(([person, count]) => count > (wanted.get(person) ?? 0))
    .map(
      ([person, count]) =>
        `${person} asked ${wanted.get(person) ?? 0} times, and ${count} answers were ordered`,
    );
}
