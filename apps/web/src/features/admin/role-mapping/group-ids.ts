/** Group ids as somebody pastes them: pure. */
import { simulateRolesSchema } from '#contracts';

const { element } = simulateRolesSchema.shape.groups;
const most = 2000;

export interface GroupIds {
  /** Lower-case, each once, in the order of their first line. */
  ids: string[];
  /** What is wrong, in words; null when nothing is. */
  fault: string | null;
}

/** One a line; commas, semicolons and the quotes of a copied list are forgiven. */
export function readGroupIds(text: string): GroupIds {
  const ids = new Set<string>();
  for (const [index, line] of text.split('\n').entries())
    for (const word of line.split(/[,;\s]+/)) {
      const id = word.replaceAll(/^["'{]+|["'}]+$/g, '');
      if (id === '') continue;
      const read = element.safeParse(id);
      if (!read.success)
        return {
          ids: [],
          fault: `Line ${index + 1}: “${shorten(id)}” is not an object id like 9a0b0000-0000-4000-8000-000000000001.`,
        };
      ids.add(read.data);
    }
  if (ids.size > most) return { ids: [], fault: `At most ${most} groups can be tried at once.` };
  return { ids: [...ids], fault: null };
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const mostAppRoles = 200;

/** App roles are words of one's own; separated as above. */
export const readAppRoles = (text: string): string[] =>
  [...new Set(text.split(/[,;\s]+/).filter((word) => word !== '' && word.length <= mostAppRoles))].slice(
    0,
    mostAppRoles,
  );
