/** A journal and a database in which nothing is wrong, for tests that put one thing wrong. */
import { Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';

const at = 1_000_000;
export const ids = {
  uma: 'user of uma',
  gustav: 'user of gustav',
  session: 'session of uma',
  ended: 'ended session of uma',
  conversation: 'conversation of uma',
  deleted: 'deleted conversation of uma',
  question: 'question of uma',
  answer: 'answer of uma',
  generation: 'generation of uma',
};
const asked = { begunAt: at, ackAt: at + 50, person: 'uma', conversationId: ids.conversation };
const answered = {
  begunAt: at,
  at: at + 50,
  person: 'uma',
  route: 'GET /api/auth/session',
  status: 200,
  code: null,
  hasRetryAfter: false,
  isProblem: false,
  sessionId: ids.session,
};
const text = '*Azure emulator · gpt-4o · asked by Uma Patel* Hello';

export function soundSoak(): { journal: Journal; stored: Stored } {
  const journal = new Journal();
  const { question: messageId, generation: generationId } = ids;
  journal.answers.push(answered, {
    ...answered,
    status: 401,
    code: 'session_revoked',
    sessionId: ids.ended,
    begunAt: at + 30_000,
    at: at + 30_050,
  });
  journal.sent.push({ ...asked, content: 'Hello', clientMessageId: 'first', messageId, generationId });
  journal.created.push(asked);
  journal.renamed.push({ ...asked, title: 'Bread' });
  journal.deleted.push({ ...asked, conversationId: ids.deleted });
  journal.signIns.push({ ...asked, sessionId: ids.session });
  journal.endings.push({ why: 'administrator', begunAt: at, ackAt: at + 50, sessionIds: [ids.ended] });
  journal.disabled.push({
    ...asked,
    userId: ids.uma,
    enabling: { begunAt: at + 20_000, ackAt: at + 20_050 },
  });
  journal.roleChanges.push({ ...asked, userId: ids.uma, isAdmin: false });
  journal.watches.push({
    person: 'uma',
    generationId,
    deltas: [
      [1, text.slice(0, 20)],
      [2, text.slice(20, 30)],
      [2, text.slice(20, 30)],
      [3, text.slice(30)],
    ],
    resumed: [{ seq: 2, status: 'streaming', have: 2, hasEnd: false }],
    end: { seq: 4, status: 'done', content: text },
    wasAwaited: true,
  });
  journal.heard.push({ person: 'uma', sessionId: ids.ended, at });
  journal.noteId('uma', ids.conversation);
  journal.faults.push({ kind: 'azure busy', begunAt: at + 100_000, endedAt: at + 101_000 });
  journal.heartbeats.push({ begunAt: at + 102_000, at: at + 102_050, isWell: true });
  journal.lives.push({
    name: 'api-1',
    startedAt: at,
    endedAt: null,
    wasOrdered: false,
    samples: Array.from({ length: 100 }, (_, index) => ({
      at: at + index * 5_000,
      rssBytes: 2e8,
      handles: 40,
    })),
    lines: ['{"level":"info","msg":"listening"}'],
  });
  journal.calmAt = at + 101_000;
  journal.allEndedAt = at + 103_000;
  return { journal, stored: soundDatabase() };
}

const soundDatabase = (): Stored => ({
  users: [
    { id: ids.uma, person: 'uma', displayName: 'Uma Patel' },
    { id: ids.gustav, person: 'gustav', displayName: 'Gustav Berg' },
  ],
  sessions: [
    { id: ids.session, userId: ids.uma, isLive: true, revokedAt: null, revokedWhy: null },
    {
      id: ids.ended,
      userId: ids.uma,
      isLive: false,
      revokedAt: at + 40,
      revokedWhy: 'ended_by_administrator',
    },
  ],
  conversations: [{ id: ids.conversation, userId: ids.uma, title: 'Bread' }],
  messages: [
    {
      id: ids.question,
      conversationId: ids.conversation,
      role: 'user',
      content: 'Hello',
      status: 'done',
      clientMessageId: 'first',
    },
    {
      id: ids.answer,
      conversationId: ids.conversation,
      role: 'assistant',
      content: text,
      status: 'done',
      clientMessageId: null,
    },
  ],
  generations: [
    {
      id: ids.generation,
      messageId: ids.answer,
      conversationId: ids.conversation,
      userId: ids.uma,
      status: 'done',
    },
  ],
  audit: [
    ['sign_in.succeeded', ids.session],
    ['session.ended', ids.ended],
    ['user.disabled', ids.uma],
    ['user.role_withdrawn', ids.uma],
  ].map(([action = '', resourceId = '']) => ({ action, outcome: 'success', resourceId })),
  verification: { valid: true, checked: 4, firstBrokenSequence: null },
  calls: [
    {
      id: 1,
      at: '',
      area: 'openai',
      method: 'POST',
      path: '',
      status: 200,
      durationMs: 1,
      aborted: false,
      person: 'uma',
      deltas: 3,
    },
  ],
});
