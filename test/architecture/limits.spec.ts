import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { databaseTimes, reservedConnections } from '../../apps/api/src/database/data-source.ts';
import { loginMinutes, AzureCli } from '../../libs/auth/src/azure-cli/azure-cli.ts';
import { entraTimeoutMs } from '../../libs/auth/src/entra/entra-fetch.ts';
import { mostFailuresInARow } from '../../libs/auth/src/refresh/entra-circuit.ts';
import { treatments } from '../../libs/auth/src/refresh/refresh-policy.ts';
import { RefreshLimits } from '../../libs/auth/src/refresh/refresh-schedule.ts';
import { mostLogins } from '../../libs/auth/src/sign-in/azure-cli.flow.ts';
import { timing } from '../../libs/chat/src/generation/timing.ts';
import { modelLimits } from '../../libs/chat/src/model/model-limits.ts';
import { platformEnvironment } from '../../libs/platform/src/config/platform-environment.ts';
import { mostWaiting, redisTimes } from '../../libs/platform/src/redis/redis.ts';

const columns = ['connections', 'connect', 'answer', 'retry', 'limit', 'specs'] as const;
type Column = (typeof columns)[number];
type Row = Record<Column, string>;

const section = /## Limits of what it depends on\n([\s\S]*?)\n## /.exec(
  readFileSync('docs/operations.md', 'utf8'),
)?.[1];
const rows = new Map(
  (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (On|-)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, on = '', ...cells]) => [
      on,
      Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])) as Row,
    ]),
);

const seconds = (ms: number): string => `${ms / 1000} s`;
const defaults = (name: 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_SECS') =>
  platformEnvironment.variables.shape[name].parse(undefined);
const cli = new AzureCli({} as never, {} as never).limits;
const refreshes = new RefreshLimits();
const { first, longest } = treatments.transient.retry!;
const storing = timing.finishRetriesMs.reduce((sum, ms) => sum + ms, 0);

const facts: Record<string, Partial<Record<Column, string[]>>> = {
  Postgres: {
    connections: [
      `(${defaults('DATABASE_POOL_SIZE')})`,
      `${reservedConnections.administration} for administration`,
      `${reservedConnections.readiness} for readiness`,
    ],
    connect: [seconds(databaseTimes.connectMs)],
    answer: [
      `${defaults('DATABASE_STATEMENT_SECS')} s a statement`,
      `${seconds(databaseTimes.lateMs)} later`,
    ],
    retry: [`${Math.floor(storing / 10_000) * 10} s`],
  },
  Redis: {
    connect: [seconds(redisTimes.connectMs)],
    answer: [seconds(redisTimes.answerMs)],
    retry: [seconds(redisTimes.longestPauseMs)],
    limit: [String(mostWaiting)],
  },
  Entra: {
    connections: [`${refreshes.concurrency} refreshes`, `${refreshes.perSecond} begun a second`],
    answer: [seconds(entraTimeoutMs)],
    retry: [`after ${first} s`, `up to ${longest} s`],
    limit: [`${mostFailuresInARow} failures in a row`],
  },
  'Microsoft Graph': { answer: [seconds(entraTimeoutMs)] },
  'Azure OpenAI': {
    answer: [
      `${seconds(modelLimits.firstEventMs)} to the first`,
      `${seconds(modelLimits.stallMs)} between`,
      `${seconds(modelLimits.wholeMs)} in all`,
    ],
    retry: [`${modelLimits.retries} times within ${seconds(modelLimits.retryWaitMs)}`],
  },
  'Azure CLI': {
    connections: [`${mostLogins} waiting`],
    answer: [
      `${seconds(cli.messageMs)} for the code`,
      `${loginMinutes} min for the person`,
      `${seconds(cli.answerMs)} otherwise`,
    ],
  },
};

describe('CFG-02: the limits of each dependency', () => {
  it('are told of each, in every respect', () => {
    expect([...rows.keys()]).toEqual(Object.keys(facts));
    expect(defaults('DATABASE_STATEMENT_SECS') * 1000).toBe(databaseTimes.statementMs);
    for (const row of rows.values()) expect(Object.values(row)).not.toContain('');
  });

  it.each(Object.entries(facts))('%s: as the code has them', (on, told) => {
    for (const [column, words] of Object.entries(told) as [Column, string[]][])
      for (const word of words) expect(rows.get(on)?.[column]).toContain(word);
  });

  it.each(Object.keys(facts))('%s: proved by tests that are there', (on) => {
    const specs = [...(rows.get(on)?.specs ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    expect(specs.length).toBeGreaterThan(0);
    expect(specs.filter((path) => !existsSync(path))).toEqual([]);
  });
});
