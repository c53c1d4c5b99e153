import { describe, expect, it } from 'vitest';
import type { Answered, Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';
import { growthOf } from './processes.ts';
import { recoveries } from './failures.ts';
import { breachesOf, invariants } from './index.ts';
import { acceptedUntil } from './sessions.ts';
import { ids, soundSoak } from './sound-soak.ts';

type Forgery = (journal: Journal, stored: Stored) => unknown;

const answer = (journal: Journal, changes: Partial<Answered>) =>
  journal.answers.push({ ...journal.answers[0]!, ...changes });
const log = (journal: Journal, line: string) => journal.lives[0]!.lines.push(line);

/** One thing put wrong for each way in which an invariant can be broken. */
const forgeries: Record<string, Record<string, Forgery>> = {
  'every acknowledged message is there': {
    'a lost message': (_, { messages }) => (messages[0]!.id = 'another'),
    'another text': (_, { messages }) => (messages[0]!.content = 'Bye'),
    'in a conversation of another person': (_, { conversations }) => (conversations[0]!.userId = ids.gustav),
    'a lost conversation': (_, stored) => (stored.conversations = []),
    'a message that left a deleted conversation alone': ({ deleted }, { messages }) => {
      deleted.push({ ...deleted[0]!, ackAt: null, conversationId: ids.conversation });
      messages.shift();
    },
  },
  'a message is sent once': {
    'stored twice': (_, { messages }) => messages.push({ ...messages[0]!, id: 'second' }),
    'acknowledged as two': ({ sent }) => sent.push({ ...sent[0]!, messageId: 'second' }),
    'answered twice': ({ sent }) => sent.push({ ...sent[0]!, generationId: 'second' }),
  },
  'conversations are kept and deleted as told': {
    lost: ({ created }) => created.push({ ...created[0]!, conversationId: 'lost' }),
    'deleted and there': (_, { conversations }) =>
      conversations.push({ ...conversations[0]!, id: ids.deleted }),
  },
  'titles are kept': { 'an old title': (_, { conversations }) => (conversations[0]!.title = 'Tea') },
  'every answer ends': {
    'still being written': (_, { generations }) => (generations[0]!.status = 'streaming'),
    'its message says otherwise': (_, { messages }) => (messages[1]!.status = 'interrupted'),
    'a message written by nobody': (_, { messages }) =>
      messages.push({ ...messages[1]!, id: 'orphan', status: 'streaming' }),
    'too late': (journal) => (journal.allEndedAt! += 20_000),
    never: (journal) => (journal.allEndedAt = null),
  },
  'every answer that was begun is there': {
    'none for a message': ({ sent }) => (sent[0]!.generationId = 'lost'),
    'none for a regeneration': ({ sent, regenerated }) =>
      regenerated.push({ ...sent[0]!, generationId: 'lost' }),
  },
  'what was seen is what is stored': {
    'another text': ({ watches }) => (watches[0]!.deltas[0] = [1, 'Bread']),
    'a delta with two texts': ({ watches }) => watches[0]!.deltas.push([3, 'Bread']),
    'done, with less than was shown': ({ watches }) => watches[0]!.deltas.push([4, ' more']),
    'ended otherwise': ({ watches }) => (watches[0]!.end!.status = 'failed'),
    'ended with another text': ({ watches }) => (watches[0]!.end!.content = 'Bread'),
  },
  'a resume leaves nothing out': {
    'a gap': ({ watches }) => (watches[0]!.resumed[0]!.have = 1),
    'no end': ({ watches }) => watches[0]!.resumed.push({ seq: 4, status: 'done', have: 3, hasEnd: false }),
    'an end that never came': ({ watches }) => (watches[0]!.end = null),
  },
  'ended sessions are refused': {
    'by a request': (journal) =>
      answer(journal, { sessionId: ids.ended, begunAt: journal.endings[0]!.ackAt! + 1_001 }),
    'by a socket that hears on': (journal) => (journal.heard[0]!.at = journal.endings[0]!.ackAt! + 1_001),
  },
  'disabled people are refused': {
    'signed in': ({ signIns, disabled }) => {
      const begunAt = disabled[0]!.ackAt! + 1_500;
      signIns.push({ ...signIns[0]!, begunAt, ackAt: begunAt + 50 });
    },
  },
  'withdrawn roles are refused': {
    administers: (journal) => {
      const begunAt = journal.roleChanges[0]!.ackAt! + 1_001;
      answer(journal, { route: 'GET /api/admin/users', begunAt, at: begunAt + 50 });
    },
  },
  'nobody is signed out without a reason': {
    'refused while it lives': (journal) => answer(journal, { status: 401, code: 'not_authenticated' }),
    'refused before it was ended': (journal) =>
      answer(journal, { status: 401, code: 'session_revoked', sessionId: ids.ended, at: 1_000_000 }),
  },
  'sessions end for the reasons there were': {
    'another browser': (_, { sessions }) => (sessions[1]!.revokedWhy = 'device_changed'),
  },
  'nobody has too many sessions': {
    eleven: (_, { sessions }) =>
      Array.from({ length: 10 }, (__, index) => sessions.push({ ...sessions[0]!, id: `more ${index}` })),
  },
  'nobody is told what is another’s': {
    'a text': ({ strayTexts }) => strayTexts.push({ reader: 'gustav', belongsTo: 'uma', where: 'a page' }),
    'a conversation': (journal) => journal.noteId('gustav', ids.conversation),
    'an answer': (journal) => journal.noteId('gustav', ids.generation),
  },
  'every answer was asked for with its owner’s token': {
    'another person': (_, { messages }) => (messages[1]!.content = 'asked by Gustav Berg*'),
    'somebody of nearly that name': (_, { messages }) => (messages[1]!.content = 'asked by Uma Patel 1*'),
  },
  'no answer was ordered twice': {
    twice: (_, { calls }) => calls.push({ ...calls[0]!, id: 2 }),
    'by nobody': (_, { calls }) => calls.push({ ...calls[0]!, id: 2, person: 'gustav' }),
  },
  'failures are told': {
    'an internal error': (journal) => answer(journal, { status: 500, code: 'internal', isProblem: true }),
    'a page of an error': (journal) => answer(journal, { status: 502 }),
    'no Retry-After': (journal) =>
      answer(journal, { status: 503, code: 'service_unavailable', isProblem: true }),
    'a request that hangs': (journal) => answer(journal, { status: -1 }),
    'a connection lost for no reason': (journal) => answer(journal, { status: 0 }),
  },
  'all recovers by itself': {
    late: ({ heartbeats }) => (heartbeats[0]!.at += 20_000),
    never: ({ heartbeats }) => (heartbeats[0]!.isWell = false),
  },
  'the audit chain is valid': { broken: (_, { verification }) => (verification.valid = false) },
  'every act is in the audit log': Object.fromEntries(
    ['sign_in.succeeded', 'session.ended', 'user.disabled', 'user.role_withdrawn'].map((action) => [
      `no ${action}`,
      (_: Journal, stored: Stored) =>
        (stored.audit = stored.audit.filter((entry) => entry.action !== action)),
    ]),
  ),
  'processes stay within bounds': {
    memory: ({ lives }) => lives[0]!.samples.slice(-12).forEach((sample) => (sample.rssBytes *= 3)),
    handles: ({ lives }) => (lives[0]!.samples[50]!.handles = 5_000),
  },
  'no process ends by itself': { gone: ({ lives }) => (lives[0]!.endedAt = 1) },
  'the logs are quiet': {
    'a rejection': (journal) =>
      log(journal, '{"level":"error","msg":"a promise was rejected and nobody listened"}'),
    'an internal error': (journal) => log(journal, '{"level":"error","code":"internal"}'),
    'a warning of Node’s': (journal) => log(journal, '(node:1) MaxListenersExceededWarning'),
  },
  'no text is in the logs': { 'a message': (journal) => log(journal, '{"msg":"canary.uma. tea"}') },
};

describe('what must hold in a soak', () => {
  it('holds where nothing is wrong', () => {
    const { journal, stored } = soundSoak();
    expect(breachesOf(journal, stored)).toEqual([]);
  });

  it('is seen to be broken, each of it', () => {
    expect(Object.keys(forgeries).toSorted()).toEqual(Object.keys(invariants).toSorted());
  });

  const cases = Object.entries(forgeries).flatMap(([invariant, ways]) =>
    Object.entries(ways).map(([way, forge]) => [invariant, way, forge] as const),
  );
  it.each(cases)('%s: not with %s', (invariant, _, forge) => {
    const { journal, stored } = soundSoak();
    forge(journal, stored);
    expect(breachesOf(journal, stored).map((breach) => breach.invariant)).toContain(invariant);
  });
});

describe('what is no breach', () => {
  const allowed: Record<string, Forgery> = {
    'an unacknowledged message that is not there': ({ sent }) =>
      sent.push({ ...sent[0]!, clientMessageId: 'lost', messageId: null, generationId: null, ackAt: null }),
    'a title that was asked for without an answer': ({ renamed }, { conversations }) => {
      renamed.push({ ...renamed[0]!, begunAt: 0, ackAt: null, title: 'Tea' });
      conversations[0]!.title = 'Tea';
    },
    'an interrupted answer with less than was shown': ({ watches }, { messages, generations }) => {
      watches[0]!.end = null;
      watches[0]!.wasAwaited = false;
      messages[1]!.status = generations[0]!.status = 'interrupted';
      messages[1]!.content = messages[1]!.content.slice(0, -3);
    },
    'an ended session within its bound': (journal) =>
      answer(journal, { sessionId: ids.ended, begunAt: journal.endings[0]!.ackAt! + 900 }),
    'a lost connection while a process was killed': (journal) => {
      journal.faults.unshift({ kind: 'api killed', begunAt: 1_000_000, endedAt: 1_000_500 });
      answer(journal, { status: 0 });
    },
    'a failure of the model, told by the call that waits for it': (journal) =>
      answer(journal, { status: 502, code: 'model_unavailable', isProblem: true }),
  };
  it.each(Object.entries(allowed))('%s', (_, forge) => {
    const { journal, stored } = soundSoak();
    forge(journal, stored);
    expect(breachesOf(journal, stored)).toEqual([]);
  });
});

describe('bounds', () => {
  const fault = (kind: Journal['faults'][0]['kind'], begunAt: number, endedAt: number) => ({
    kind,
    begunAt,
    endedAt,
  });

  it.each([
    ['a second', [], 11_000],
    ['three while Redis is away', [fault('redis stopped', 9_000, 10_500)], 13_000],
    ['a second again once it is long back', [fault('redis stopped', 2_000, 7_000)], 11_000],
    [
      'three after the database is back, if that is away too',
      [fault('redis silent', 9_000, 15_000), fault('postgres restarted', 11_000, 14_000)],
      17_000,
    ],
    ['a second while only the database is away', [fault('postgres restarted', 9_000, 12_000)], 11_000],
  ])('what is withdrawn is refused after %s', (_, faults, until) => {
    expect(acceptedUntil(10_000, faults)).toBe(until);
  });

  it('a recovery is counted from the fault that was over last', () => {
    const { journal } = soundSoak();
    journal.faults.push(fault('api killed', 1_100_500, 1_101_500));
    expect(recoveries(journal).map(({ fault: { kind }, afterMs }) => [kind, afterMs])).toEqual([
      ['api killed', 550],
    ]);
  });

  it('growth is told of long lives only', () => {
    const [life] = soundSoak().journal.lives;
    expect(growthOf(life!)).toBe(1);
    expect(growthOf({ ...life!, samples: life!.samples.slice(0, 20) })).toBeNull();
  });
});
