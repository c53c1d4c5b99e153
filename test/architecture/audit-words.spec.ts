import { expect, it } from 'vitest';
import { auditActions } from '../../libs/audit/src/audit-log.ts';
import { wordsOfActions } from '../../apps/web/src/features/admin/audit/action-words.ts';

it('the screen says every action of the audit log in words of its own', () => {
  expect(auditActions.filter((action) => !Object.hasOwn(wordsOfActions, action))).toEqual([]);
  const words = Object.values(wordsOfActions);
  expect(new Set(words).size).toBe(words.length);
});
