import type { Journal, Watch } from '../journal.ts';
import type { Stored } from '../stored.ts';

const endWithinMs = 20_000;

/** Every answer has ended, in the same way in both places, and soon after the last fault. */
export function answersEnded(journal: Journal, { generations, messages }: Stored): string[] {
  const statusOf = new Map(messages.map(({ id, status }) => [id, status]));
  const openOrOtherwise = generations
    .filter(({ status, messageId }) => status === 'streaming' || statusOf.get(messageId) !== status)
    .map(({ id, status, messageId }) => `answer ${id} is ${status}, its message ${statusOf.get(messageId)}`);
  const answered = new Set(generations.map(({ messageId }) => messageId));
  const orphans = messages
    .filter(({ id, role, status }) => role === 'assistant' && status === 'streaming' && !answered.has(id))
    .map(({ id }) => `message ${id} is being written by nobody`);
  const { allEndedAt, calmAt } = journal;
  const isLate = allEndedAt === null || allEndedAt - calmAt > endWithinMs;
  const late = allEndedAt === null ? 'never' : `after ${allEndedAt - calmAt} ms`;
  return [...openOrOtherwise, ...orphans, ...(isLate ? [`the last answer ended ${late}`] : [])];
}

/** What was acknowledged as begun is there, and its answer belongs to it. */
export function begunAnswersKept({ sent, regenerated }: Journal, stored: Stored): string[] {
  const generations = new Map(stored.generations.map((row) => [row.id, row]));
  const conversations = new Set(stored.conversations.map(({ id }) => id));
  return [...sent, ...regenerated]
    .filter(({ generationId, conversationId }) => generationId !== null && conversations.has(conversationId))
    .filter((begun) => generations.get(begun.generationId!)?.conversationId !== begun.conversationId)
    .map(({ generationId, person }) => `answer ${generationId} of ${person} was begun and is lost`);
}

/** The deltas from the first on, as far as they have no gap. */
export function heardText({ deltas }: Pick<Watch, 'deltas'>): { text: string; have: number } {
  const pieces = new Map(deltas);
  let text = '';
  let have = 0;
  for (let piece = pieces.get(1); piece !== undefined; piece = pieces.get(have + 1)) {
    text += piece;
    have += 1;
  }
  return { text, have };
}

/**
 * What a tab saw is what is stored, as far as it saw it. Only an answer whose process was killed or lost its database
 * may end with less than was shown, and says so.
 */
export function seenIsStored({ watches }: Journal, stored: Stored): string[] {
  const messages = new Map(stored.messages.map((row) => [row.id, row]));
  const answers = new Map(stored.generations.map((row) => [row.id, messages.get(row.messageId)]));
  return watches.flatMap((watch) => {
    const { person, generationId, end } = watch;
    const name = `answer ${generationId}, as ${person} saw it,`;
    const stale = new Set(
      watch.deltas.filter(([seq, text], index) =>
        watch.deltas.some(([other, before], at) => at < index && other === seq && before !== text),
      ),
    );
    if (stale.size > 0) return [`${name} has two texts for delta ${[...stale][0]![0]}`];
    const answer = answers.get(generationId);
    if (!answer) return [];
    const { text } = heardText(watch);
    const isCutShort = ['interrupted', 'stopped'].includes(answer.status) && text.startsWith(answer.content);
    const faults: string[] = [];
    if (!answer.content.startsWith(text) && !isCutShort) faults.push(`${name} is not what is stored`);
    if (end && (end.content !== answer.content || end.status !== answer.status))
      faults.push(`${name} ended otherwise than it is stored`);
    return faults;
  });
}

/** After a resume nothing is missing; who asked for the end of an answer was told it. */
export function resumedWhole({ watches }: Journal, stored: Stored): string[] {
  const kept = new Set(stored.generations.map(({ id }) => id));
  return watches.flatMap(({ person, generationId, resumed, end, wasAwaited }) => {
    const name = `answer ${generationId} of ${person}`;
    const short = resumed.filter(({ status, seq, have, hasEnd }) =>
      status === 'streaming' ? have < seq : !hasEnd,
    );
    return [
      ...short.map(({ seq, have, status }) => `${name} (${status}) was resumed to ${seq}, and ${have} came`),
      ...(wasAwaited && !end && kept.has(generationId) ? [`${name} never told its end`] : []),
    ];
  });
}
