/** Lists as TanStack Query holds them: pages in the order they were fetched. All functions leave their input alone. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Conversation, Message, Page } from '#contracts';

export type Paged<Item> = InfiniteData<Page<Item>, unknown>;

const emptyPages = <Item>(): Paged<Item> => ({
  pages: [{ items: [], nextCursor: null }],
  pageParams: [null],
});

function mapPages<Item>(paged: Paged<Item>, change: (items: Item[], index: number) => Item[]): Paged<Item> {
  return {
    ...paged,
    pages: paged.pages.map((page, index) => ({ ...page, items: change(page.items, index) })),
  };
}

/** Messages: the first page is the newest, each page is oldest first. */
export function messagesInOrder(paged: Paged<Message>): Message[] {
  return paged.pages.toReversed().flatMap((page) => page.items);
}

/** Replaces the message where it stands, or adds it as the newest. */
export function putMessage(paged: Paged<Message> = emptyPages(), message: Message): Paged<Message> {
  const known = paged.pages.some(({ items }) => items.some(({ id }) => id === message.id));
  if (!known) return mapPages(paged, (items, index) => (index === 0 ? [...items, message] : items));
  return mapPages(paged, (items) => items.map((item) => (item.id === message.id ? message : item)));
}

/** What two processes tell of one conversation may come in any order. */
export const isOlder = (one: Conversation, other: Conversation): boolean => one.updatedAt < other.updatedAt;

/** The list is by last change, newest first, as the server has it: so it is the same in all tabs. */
export function putConversation(
  paged: Paged<Conversation> = emptyPages(),
  conversation: Conversation,
): Paged<Conversation> {
  const known = paged.pages.flatMap(({ items }) => items).find(({ id }) => id === conversation.id);
  if (known !== undefined && isOlder(conversation, known)) return paged;
  if (known !== undefined && known.updatedAt === conversation.updatedAt) {
    return mapPages(paged, (items) =>
      items.map((item) => (item.id === conversation.id ? conversation : item)),
    );
  }
  return mapPages(removeConversation(paged, conversation.id), (items, index) => {
    if (index > 0) return items;
    const place = items.findIndex((item) => !isOlder(conversation, item));
    return place < 0 ? [...items, conversation] : items.toSpliced(place, 0, conversation);
  });
}

export function removeConversation(paged: Paged<Conversation>, id: string): Paged<Conversation> {
  return mapPages(paged, (items) => items.filter((item) => item.id !== id));
}
