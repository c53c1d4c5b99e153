import type { InfiniteData } from '@tanstack/react-query';

/** What the pages hold, in their order. Whatever moved between two requests may be in both pages; it is listed once. */
export function itemsOf<Item extends { id: string }>(
  data: InfiniteData<{ items: readonly Item[] }, unknown> | undefined,
): Item[] {
  const all = data?.pages.flatMap(({ items }) => items) ?? [];
  return [...new Map(all.map((item) => [item.id, item])).values()];
}
