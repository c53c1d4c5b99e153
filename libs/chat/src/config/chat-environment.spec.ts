import { describe, expect, it } from 'vitest';
import { type EnvironmentFault, readSlice } from '#platform';
import { ChatConfig } from './chat-config.ts';
import { chatEnvironment } from './chat-environment.ts';

const required = {
  AZURE_OPENAI_ENDPOINT: 'https://acme.openai.azure.com/',
  AZURE_OPENAI_DEPLOYMENT: 'gpt-4o',
};

function read(source: Record<string, string>) {
  const faults: EnvironmentFault[] = [];
  const values = readSlice(chatEnvironment, source, faults);
  return { values, faults: faults.map(({ variable }) => variable) };
}

describe('chatEnvironment', () => {
  it('needs only the endpoint and a deployment', () => {
    const { values, faults } = read(required);
    expect(faults).toEqual([]);
    const config = new ChatConfig(values);
    expect(config).toMatchObject({
      endpoint: 'https://acme.openai.azure.com',
      apiVersion: '2024-10-21',
      defaultModel: 'gpt-4o',
      models: [{ id: 'gpt-4o', label: 'gpt-4o' }],
      dailyTokenQuota: {},
    });
  });

  it.each([
    ['gpt-4o=GPT-4o,o3=o3 (slow=deep)', ['gpt-4o GPT-4o', 'o3 o3 (slow=deep)']],
    ['o3', ['gpt-4o gpt-4o', 'o3 o3']],
    ['o3=A, o3=B', ['gpt-4o gpt-4o', 'o3 B']],
  ])('offers the deployments %s, each once, and always the default one', (written, offered) => {
    const { values } = read({ ...required, AZURE_OPENAI_DEPLOYMENTS: written });
    expect(new ChatConfig(values).models.map(({ id, label }) => `${id} ${label}`)).toEqual(offered);
  });

  it('reads quotas by role', () => {
    const { values } = read({ ...required, DAILY_TOKEN_QUOTA: 'user:200000, viewer:0' });
    expect(values.DAILY_TOKEN_QUOTA).toEqual({ user: 200_000, viewer: 0 });
  });

  it.each([
    ['AZURE_OPENAI_ENDPOINT', 'http://acme.openai.azure.com'],
    ['AZURE_OPENAI_DEPLOYMENT', '../other'],
    ['AZURE_OPENAI_DEPLOYMENTS', 'a/b=Label'],
    ['AZURE_OPENAI_DEPLOYMENTS', '=Label'],
    ['AZURE_OPENAI_API_VERSION', 'latest'],
    ['DAILY_TOKEN_QUOTA', 'boss:100'],
    ['DAILY_TOKEN_QUOTA', 'user:many'],
    ['DAILY_TOKEN_QUOTA', 'user'],
  ])('refuses %s=%s', (variable, written) => {
    expect(read({ ...required, [variable]: written }).faults).toEqual([variable]);
  });
});
