/**
 * Messages form a tree: a regenerated answer and an edited question are further children of the same parent.
 * One way through it is shown. Where nobody has chosen, it is the way to the newest message.
 */
import type { Message } from '#contracts';

export interface PathStep {
  message: Message;
  /** All versions in this place, oldest first, the shown one among them. */
  versions: readonly string[];
}

/** The chosen version by its parent's id; the very first messages have none. */
export type ChosenVersions = Readonly<Record<string, string>>;
const root = '';
export const placeOf = (message: Pick<Message, 'parentId'>): string => message.parentId ?? root;

/** @param messages oldest first; older ones may not be loaded yet. */
export function visiblePath(messages: readonly Message[], chosen: ChosenVersions): PathStep[] {
  const versionsIn = new Map<string, Message[]>();
  for (const message of messages) {
    const place = placeOf(message);
    const versions = versionsIn.get(place);
    if (versions === undefined) versionsIn.set(place, [message]);
    else versions.push(message);
  }
  const newest = newestBelow(messages);
  const path: PathStep[] = [];
  let versions = versionsIn.get(topPlace(messages));
  while (versions !== undefined) {
    const message = pick(versions, chosen, newest);
    path.push({ message, versions: versions.map(({ id }) => id) });
    versions = versionsIn.get(message.id);
  }
  return path;
}

/** Where the loaded part of the newest message's line begins. */
function topPlace(messages: readonly Message[]): string {
  const byId = new Map(messages.map((message) => [message.id, message]));
  let top = messages.at(-1);
  for (let parent = top; parent !== undefined; parent = byId.get(placeOf(parent))) top = parent;
  return top === undefined ? root : placeOf(top);
}

/** For each message the position of the newest one in its line; a child always comes after its parent. */
function newestBelow(messages: readonly Message[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const [position, message] of [...messages.entries()].toReversed()) {
    const below = Math.max(newest.get(message.id) ?? 0, position);
    newest.set(message.id, below);
    newest.set(placeOf(message), Math.max(newest.get(placeOf(message)) ?? 0, below));
  }
  return newest;
}

function pick(versions: Message[], chosen: ChosenVersions, newest: Map<string, number>): Message {
  const [first, ...others] = versions as [Message, ...Message[]];
  const wanted = chosen[placeOf(first)];
  return (
    versions.find(({ id }) => id === wanted) ??
    others.reduce(
      (best, version) => ((newest.get(version.id) ?? 0) > (newest.get(best.id) ?? 0) ? version : best),
      first,
    )
  );
}
