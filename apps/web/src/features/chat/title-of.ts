import type { Conversation } from '#contracts';

export const titleOf = ({ title }: Pick<Conversation, 'title'>): string => title.trim() || 'New conversation';
