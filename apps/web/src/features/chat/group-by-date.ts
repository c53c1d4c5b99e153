export const dateGroups = ['Today', 'Yesterday', 'Previous 7 days', 'Older'] as const;
export type DateGroup = (typeof dateGroups)[number];

const startOfDay = (time: number, daysBack: number): number => {
  const day = new Date(time);
  // By calendar day and not by 24 hours: clocks change.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
};

function groupOf(time: number, now: number): DateGroup {
  if (time >= startOfDay(now, 0)) return 'Today';
  if (time >= startOfDay(now, 1)) return 'Yesterday';
  if (time >= startOfDay(now, 7)) return 'Previous 7 days';
  return 'Older';
}

/** By the reader's own calendar, in the order given; groups without anything are left out. */
export function groupByDate<Item extends { updatedAt: string }>(
  items: readonly Item[],
  now: number,
): { group: DateGroup; items: Item[] }[] {
  return dateGroups
    .map((group) => ({
      group,
      items: items.filter((item) => groupOf(Date.parse(item.updatedAt), now) === group),
    }))
    .filter(({ items: found }) => found.length > 0);
}
