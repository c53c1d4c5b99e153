import { expect, it } from 'vitest';
import { dataSourceOptions } from './data-source.ts';

const settings = {
  url: 'postgres://x@localhost/x',
  poolSize: 1,
  entities: [],
  onPoolError: () => undefined,
};

it('F2: Postgres ends a statement before its connection is given up', () => {
  const { extra } = dataSourceOptions({ ...settings, statementMs: 4_000 });
  expect(extra).toMatchObject({ statement_timeout: 4_000, query_timeout: 6_000 });
  expect(extra).not.toHaveProperty('lock_timeout');
});

it('F28: a migration takes as long as it needs and waits for no lock for long', () => {
  const { extra } = dataSourceOptions({ ...settings, lockMs: 5_000 });
  expect(extra).toMatchObject({ lock_timeout: 5_000 });
  expect(extra).not.toHaveProperty('statement_timeout');
  expect(extra).not.toHaveProperty('query_timeout');
});

it('F3: a reserved connection stays open', () => {
  expect(dataSourceOptions({ ...settings, isReserved: true }).extra).toMatchObject({ idleTimeoutMillis: 0 });
});
