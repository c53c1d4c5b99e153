import { ChatConfig } from '../src/config/chat-config.ts';

export const testConfig = new ChatConfig({
  AZURE_OPENAI_ENDPOINT: 'https://azure.example',
  AZURE_OPENAI_DEPLOYMENT: 'gpt-4o',
  AZURE_OPENAI_DEPLOYMENTS: [
    { id: 'gpt-4o', label: 'GPT-4o' },
    { id: 'o3', label: 'o3' },
  ],
  AZURE_OPENAI_API_VERSION: '2024-10-21',
  ANSWERS_AT_ONCE: 4,
  DAILY_TOKEN_QUOTA: { viewer: 100 },
});
