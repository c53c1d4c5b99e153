export * from './admin.ts';
export * from './auth.ts';
export * from './chat.ts';
export * from './chat-events.ts';
export * from './errors.ts';
export * from './paging.ts';
export * from './permissions.ts';
export * from './words.ts';
