import { describe, expect, it } from 'vitest';
import type { Conversation, Message } from '#contracts';
import { type Paged, messagesInOrder, putConversation, putMessage, removeConversation } from './paged.ts';

function paged<Item>(...pages: Item[][]): Paged<Item> {
  return { pages: pages.map((items) => ({ items, nextCursor: null })), pageParams: pages.map(() => null) };
}
const message = (id: string, content = '') => ({ id, content }) as Message;
const conversation = (id: string, updatedAt = '1', title = '') => ({ id, updatedAt, title }) as Conversation;
const order = (list: Paged<Conversation>) => ids(list.pages.flatMap(({ items }) => items));
const ids = (list: { id: string }[]) => list.map(({ id }) => id);

describe('messages', () => {
  it('are oldest first over all pages, although the newest page came first', () => {
    expect(ids(messagesInOrder(paged([message('3'), message('4')], [message('1'), message('2')])))).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('are replaced in place on whatever page they stand', () => {
    const after = putMessage(paged([message('2')], [message('1')]), message('1', 'finished'));
    expect(messagesInOrder(after)).toEqual([message('1', 'finished'), message('2')]);
  });

  it('are added as the newest when unknown', () => {
    expect(ids(messagesInOrder(putMessage(paged([message('2')], [message('1')]), message('3'))))).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(ids(messagesInOrder(putMessage(undefined, message('1'))))).toEqual(['1']);
  });
});

describe('conversations', () => {
  const list = paged([conversation('c', '3'), conversation('b', '2')], [conversation('a', '1')]);

  it('go to the top when something happened in them', () => {
    expect(order(putConversation(list, conversation('a', '4')))).toEqual(['a', 'c', 'b']);
    expect(order(putConversation(list, conversation('new', '4')))).toEqual(['new', 'c', 'b', 'a']);
    expect(order(putConversation(undefined, conversation('new', '4')))).toEqual(['new']);
  });

  it('stay where they are when only the title is new', () => {
    const after = putConversation(list, conversation('b', '2', 'renamed'));
    expect(order(after)).toEqual(['c', 'b', 'a']);
    expect(after.pages[0]?.items[1]?.title).toBe('renamed');
  });

  it('F19: end up in the same order with the same titles, in whatever order two tabs hear of the changes', () => {
    const news = [conversation('a', '4', 'first'), conversation('a', '6', 'second'), conversation('b', '5')];
    const hear = (...heard: Conversation[]) => heard.reduce(putConversation, list);
    const [one, two, three] = news as [Conversation, Conversation, Conversation];
    const ends = [hear(one, two, three), hear(two, one, three), hear(three, two, one), hear(two, three, one)];
    for (const end of ends) {
      expect(order(end)).toEqual(['a', 'b', 'c']);
      expect(end.pages[0]?.items[0]?.title).toBe('second');
    }
  });

  it('are removed from any page', () => {
    expect(order(removeConversation(list, 'a'))).toEqual(['c', 'b']);
  });
});
