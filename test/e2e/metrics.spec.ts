import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { SentMessage } from '#contracts';
import { newConversation, Tab } from '../support/chatter.ts';
import { type Family, readMetrics } from '../support/scrape.ts';
import { type Stack, startStack } from '../support/stack.ts';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string };
}
interface Panel {
  title: string;
  targets?: { expr: string }[];
}
const alerts = (
  parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(readFileSync('deploy/grafana/entrada.json', 'utf8')) as { panels: Panel[] };
const queries = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];
const manual = readFileSync('docs/operations.md', 'utf8');

describe('the metrics of a process that was used a little', () => {
  let stack: Stack;
  let families: Family[];
  beforeAll(async () => {
    stack = await startStack({}, { isDirect: true });
    await useIt();
    families = await scrape();
  });
  afterAll(() => stack.stop());

  const scrape = async () => readMetrics(await (await fetch(`${stack.url}/metrics`)).text());
  const ours = () => families.filter(({ name }) => name.startsWith('entrada_'));
  const samples = (name: string) =>
    families.flatMap((family) => family.samples).filter((each) => each.name === name);
  const valueOf = (name: string, labels: Record<string, string> = {}) =>
    samples(name).find((each) =>
      Object.entries(labels).every(([label, value]) => each.labels[label] === value),
    )?.value;

  async function useIt(): Promise<void> {
    const uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    await stack.visitor().get('/api/auth/callback?code=made-up&state=made-up');
    const conversationId = await newConversation(uma);
    const tab = await Tab.open(uma);
    const answered = async (content: string) => {
      const { generation } = (await tab.send(conversationId, content)) as unknown as SentMessage;
      return tab.finished(generation.id);
    };
    expect((await answered('Hello there')).status).toBe('done');
    await stack.azure.set({ faults: { openai: [{ kind: 'context-length', times: 1 }] } });
    await answered('Hello again');
    await tab.ask('message:send', { conversationId, content: '' });
    await uma.get(`/api/chat/conversations/${conversationId}/messages`);
    for (const path of ['/api/nowhere/1', '/api/nowhere/2', '/nowhere-3']) await uma.get(path);
    await vi.waitFor(async () => {
      families = await scrape();
      expect(valueOf('entrada_generations_active')).toBe(0);
    }, 20_000);
  }

  it('tell what happened', () => {
    expect(valueOf('entrada_sign_ins_total', { method: 'authorization_code', outcome: 'succeeded' })).toBe(1);
    expect(valueOf('entrada_sign_ins_total', { outcome: 'failed' })).toBe(1);
    expect(valueOf('entrada_generations_total', { outcome: 'done', code: '' })).toBe(1);
    expect(valueOf('entrada_generation_first_text_seconds_count')).toBeGreaterThan(0);
    expect(valueOf('entrada_model_tokens_total', { direction: 'output' })).toBeGreaterThan(0);
    expect(valueOf('entrada_azure_openai_responses_total', { status: '200' })).toBe(1);
    expect(valueOf('entrada_socket_event_duration_seconds_count', { outcome: 'ok' })).toBe(2);
    expect(valueOf('entrada_socket_event_duration_seconds_count', { outcome: 'refused' })).toBe(1);
    expect(valueOf('entrada_sockets_connected')).toBe(1);
    expect(valueOf('entrada_dependency_up', { dependency: 'database' })).toBe(1);
    expect(valueOf('entrada_migrations_missing')).toBe(0);
    expect(valueOf('entrada_database_connections_limit')).toBe(10);
    expect(valueOf('entrada_database_connections', { state: 'busy' })).toBeGreaterThanOrEqual(0);
    expect(valueOf('entrada_entra_metadata_age_seconds')).toBeLessThan(600);
    expect(valueOf('entrada_token_expiry_seconds')).toBeGreaterThan(60);
    expect(valueOf('entrada_build_info', { node: process.versions.node })).toBe(1);
    const route = { method: 'GET', route: '/api/chat/conversations/:id/messages', status: '2xx' };
    expect(valueOf('entrada_http_request_duration_seconds_count', route)).toBe(1);
  });

  it('have names by convention, and a sentence each', () => {
    const broken = ours().flatMap(({ name, type, help }) => {
      const rules: [string, boolean][] = [
        ['snake case', /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)],
        ['_total on counters, and on nothing else', (type === 'counter') === name.endsWith('_total')],
        ['no _count, _sum or _bucket of its own', !/_(count|sum|bucket|info_total)$/.test(name)],
        ['_info is a gauge', !name.endsWith('_info') || type === 'gauge'],
        [
          'base units, in full',
          !/_(ms|millis|milliseconds|secs?|minutes|hours|kb|mb|percent|bytes_total)$/.test(name),
        ],
        ['a histogram of times is one of seconds', type !== 'histogram' || name.endsWith('_seconds')],
        ['not its own kind', !/_(counter|gauge|histogram|summary)(_|$)/.test(name)],
        ['help', /^[A-Z0-9].{5,}\.$/.test(help)],
      ];
      return rules.filter(([, isKept]) => !isKept).map(([rule]) => `${name}: ${rule}`);
    });
    expect(ours().length).toBeGreaterThan(25);
    expect(broken).toEqual([]);
  });

  it('have labels that nobody can make more of: patterns, codes and words of ours', () => {
    const uuid = /[\da-f]{8}-[\da-f]{4}-/;
    const values = ours().flatMap(({ samples: all }) =>
      all.flatMap(({ name, labels }) => Object.entries(labels).map((pair) => [name, ...pair] as const)),
    );
    expect(values.filter(([, , value]) => uuid.test(value) || /nowhere|made-up|@/.test(value))).toEqual([]);
    // One at a time, and on purpose: the newest hash is an anchor outside the database.
    const long = values.filter(
      ([name, , value]) => value.length > 64 && name !== 'entrada_audit_head_sequence',
    );
    expect(long).toEqual([]);
    expect(valueOf('entrada_http_request_duration_seconds_count', { route: 'none' })).toBeGreaterThan(0);
    const series = ours().map(({ name, samples: all }) => [name, all.length] as const);
    expect(series.filter(([, count]) => count > 500)).toEqual([]);
  });

  it('are all in the manual, and the manual has no others', () => {
    const written = [...manual.matchAll(/^\| (`entrada_[^|]+)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(entrada_\w+)/g)].map(([, name]) => name),
    );
    expect(written.toSorted()).toEqual(
      ours()
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('are what the dashboard and the alerts ask for, by name and by label', () => {
    const known = new Map(
      families.flatMap(({ name, type, samples: all }) =>
        [name, ...(type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [])].map(
          (each) => [each, all] as const,
        ),
      ),
    );
    const added = new Set(['job', 'instance', 'le']);
    const wrong = queries.flatMap(([place, expr]) =>
      [...expr.matchAll(/\b((?:entrada|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].flatMap(
        ([, name = '', selector]) => {
          const all = known.get(name);
          if (!all) return [`${place}: there is no ${name}`];
          const asked = [...(selector ?? '').matchAll(/(\w+)[=!]/g)].map(([, label = '']) => label);
          const has = new Set(all.flatMap(({ labels }) => Object.keys(labels)));
          return asked
            .filter((label) => !added.has(label) && all.length > 0 && !has.has(label))
            .map((label) => `${place}: ${name} has no ${label}`);
        },
      ),
    );
    expect(queries.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });

  it('of each alert the manual says what to do', () => {
    const sections = [...manual.matchAll(/^### (Entrada\w+)\n\n(.{40,})/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    expect(alerts.every(({ labels }) => /^(critical|warning)$/.test(labels.severity))).toBe(true);
  });

  it('come also while the database is away, and say so', async () => {
    await stack.database.close();
    stack.database.close = async () => undefined;
    await expect
      .poll(async () => {
        const response = await fetch(`${stack.url}/metrics`);
        families = readMetrics(await response.text());
        return [response.status, valueOf('entrada_dependency_up', { dependency: 'database' })];
      })
      .toEqual([200, 0]);
    expect(samples('entrada_migrations_missing')).toEqual([]);
    expect(samples('entrada_audit_unsealed_age_seconds')).toEqual([]);
  });
});
