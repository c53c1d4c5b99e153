import { describe, expect, it } from 'vitest';
import { type Look, standingOf } from './database-standing.ts';

const quick: Look = { answerMs: 3, missingMigrations: [], isReadOnly: false };

describe('what readiness says of the database', () => {
  it.each<[string, Look | null, Look | null, number, unknown]>([
    ['it answers', quick, null, 3, { status: 'up', missingMigrations: [], told: {} }],
    ['it has failed before and answers', quick, 'failed', 3, { status: 'up', told: {} }],
    ['it cannot be reached', 'failed', quick, 1, { status: 'down' }],
    ['F2: it answers late', { ...quick, answerMs: 1_001 }, quick, 1_001, { status: 'degraded' }],
    ['F2: it has not answered yet', null, quick, 1_500, { told: { degraded: true, answerMs: 1_500 } }],
    ['it has not answered yet and had failed', null, 'failed', 1_500, { status: 'down' }],
    ['it has never answered', null, null, 1_500, { status: 'down' }],
    ['F4: it takes nothing new', { ...quick, isReadOnly: true }, quick, 3, { told: { readOnly: true } }],
    [
      'the schema is older',
      { ...quick, missingMigrations: ['A1'] },
      quick,
      3,
      { status: 'up', missingMigrations: ['A1'] },
    ],
  ])('%s', (_, look, before, waitedMs, standing) => {
    expect(standingOf(look, before, waitedMs)).toMatchObject(standing as object);
  });
});
