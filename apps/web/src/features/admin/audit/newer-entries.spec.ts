import { expect, it } from 'vitest';
import type { AuditPage } from '#contracts';
import { newerEntries, withNewer } from './newer-entries.ts';

const page = (sequences: number[], nextCursor: string | null = null): AuditPage => ({
  items: sequences.map(
    (sequence) => ({ sequence, id: `entry-${sequence}` }) as unknown as AuditPage['items'][number],
  ),
  nextCursor,
  total: sequences.length,
  totalIsLowerBound: false,
});
const sequencesOf = ({ items }: Pick<AuditPage, 'items'>): number[] => items.map(({ sequence }) => sequence);

it.each<[string, number[], number[], string | null, number[], boolean]>([
  ['nothing new', [5, 4], [5, 4], null, [], false],
  ['one new', [5, 4], [6, 5], 'older', [6], false],
  ['none held yet', [], [2, 1], null, [2, 1], false],
  ['all new, and that is all there is', [], [2, 1], 'older', [2, 1], true],
  ['more than one look shows', [5, 4], [9, 8], 'older', [9, 8], true],
  ['the log is empty', [], [], null, [], false],
])('%s', (_, held, fetched, cursor, entries, gap) => {
  const newer = newerEntries(page(held), page(fetched, cursor));
  expect([sequencesOf({ items: newer.entries }), newer.gap]).toEqual([entries, gap]);
});

it('what is new stands on top, and the way to what is older stays', () => {
  const held = page([5, 4], 'older');
  const fetched = page([7, 5, 4]);
  const merged = withNewer(held, fetched, newerEntries(held, fetched));
  expect([sequencesOf(merged), merged.nextCursor, merged.total]).toEqual([[7, 5, 4], 'older', 3]);
});
