export const product = {
  name: 'Entrada',
  sentence: 'Chat with Azure OpenAI as yourself, with your Microsoft account.',
} as const;
