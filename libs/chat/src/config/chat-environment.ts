import { z } from 'zod';
import { type Model, type Role, roles, roleSchema } from '#contracts';
import { environmentSlice, numberVariable, serviceUrl } from '#platform';

/** A deployment's name becomes part of an address, so it may hold nothing that could lead elsewhere. */
const deploymentName = /^[\w-][\w.-]{0,63}$/;
const deploymentRule = 'write the deployment’s name: letters, digits, - _ and .';

const entries = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

const deployments = z.string().transform((text, context): Model[] =>
  entries(text).map((entry) => {
    const [id = '', ...label] = entry.split('=');
    if (!deploymentName.test(id.trim()))
      context.addIssue('write deployment=Label, comma-separated; names hold letters, digits, - _ and .');
    return { id: id.trim(), label: label.join('=').trim() || id.trim() };
  }),
);

const quotas = z.string().transform((text, context): Partial<Record<Role, number>> =>
  Object.fromEntries(
    entries(text).map((entry) => {
      const [role = '', tokens = ''] = entry.split(':').map((part) => part.trim());
      if (!roleSchema.safeParse(role).success || !/^\d{1,12}$/.test(tokens))
        context.addIssue(`write role:tokens, comma-separated; roles are ${roles.join(', ')}`);
      return [role, Number(tokens)];
    }),
  ),
);

export const chatEnvironment = environmentSlice({
  title: 'Azure OpenAI',
  variables: z.object({
    AZURE_OPENAI_ENDPOINT: serviceUrl.meta({
      description: 'The Azure OpenAI resource.',
      example: 'https://NAME.openai.azure.com',
    }),
    AZURE_OPENAI_DEPLOYMENT: z
      .string()
      .regex(deploymentName, deploymentRule)
      .meta({ description: 'Default deployment.', example: 'gpt-4o' }),
    AZURE_OPENAI_DEPLOYMENTS: deployments.default([]).meta({
      description:
        'deployment=Label, comma-separated: what the model picker offers. The default one is always there.',
      example: 'gpt-4o=GPT-4o,o3-mini=o3 mini',
    }),
    AZURE_OPENAI_API_VERSION: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'write a version such as 2024-10-21')
      .default('2024-10-21')
      .meta({ description: 'Version of the data-plane API.' }),
    ANSWERS_AT_ONCE: numberVariable(1, 1_000)
      .default(5)
      .meta({ description: 'Answers that one person may have written at the same time.' }),
    DAILY_TOKEN_QUOTA: quotas.default({}).meta({
      description:
        'role:tokens, comma-separated: tokens per person and day (UTC). The largest of a person’s roles counts; a role without one is unlimited.',
      example: 'user:200000',
    }),
  }),
});
export type ChatEnvironment = z.infer<typeof chatEnvironment.variables>;
