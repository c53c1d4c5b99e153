import { z } from 'zod';

/** Keyset paging: `cursor` is opaque, taken from the previous page's `nextCursor`. */
export const pageQuerySchema = z.object({
  cursor: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export const idParamSchema = z.object({ id: z.uuid() });

/** Times cross the wire as ISO 8601 in UTC. There is no year zero, and Postgres refuses it. */
export const timeSchema = z.iso.datetime().regex(/^(?!0000)/, 'must be after the year zero');
