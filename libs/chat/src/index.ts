import { StoredConversation } from './conversations/conversation.entity.ts';
import { StoredGeneration } from './generation/generation.entity.ts';
import { StoredMessage } from './messages/message.entity.ts';

export { AccessTokenSource } from './access-token-source.ts';
export { ChatModule, type ChatModuleOptions } from './chat.module.ts';
export { ChatConfig } from './config/chat-config.ts';
export { chatEnvironment } from './config/chat-environment.ts';
export { Generations } from './generation/generations.ts';
export { ChatGateway } from './realtime/chat.gateway.ts';
export { UsageFigures, type UsageOfDay } from './usage/usage-figures.ts';
export const chatEntities = [StoredConversation, StoredMessage, StoredGeneration];
