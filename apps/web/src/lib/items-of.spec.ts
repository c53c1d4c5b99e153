import { describe, expect, it } from 'vitest';
import { itemsOf } from './items-of.ts';

describe('what the pages of a list hold', () => {
  it('is nothing before the first has come', () => {
    expect(itemsOf(undefined)).toEqual([]);
  });

  it('is in their order, and once what two of them hold', () => {
    const page = (...ids: string[]) => ({ items: ids.map((id) => ({ id })) });
    const data = { pages: [page('c', 'b'), page('b', 'a')], pageParams: [null, 'b'] };
    expect(itemsOf(data).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});
