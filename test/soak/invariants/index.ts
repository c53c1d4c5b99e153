/** What holds whatever goes wrong: each reads the journal and what is stored, and names every breach. */
import type { Journal } from '../journal.ts';
import type { Stored } from '../stored.ts';
import { actsRecorded, chainValid } from './audit.ts';
import { failuresTold, recovered } from './failures.ts';
import { answersEnded, begunAnswersKept, resumedWhole, seenIsStored } from './generations.ts';
import { acknowledgedMessages, conversationsKept, sentOnce, titlesKept } from './messages.ts';
import { askedOnce, nothingOfOthers, ownTokens } from './privacy.ts';
import { boundedProcesses, livesEndedOnOrder, noTextInLogs, quietLogs } from './processes.ts';
import {
  disabledPeopleRefused,
  endedSessionsRefused,
  endingsExplained,
  fewSessions,
  nobodySignedOut,
  withdrawnRolesRefused,
} from './sessions.ts';

export type Invariant = (journal: Journal, stored: Stored) => string[];

export const sessionsPerPerson = 10;

export const invariants: Readonly<Record<string, Invariant>> = {
  'every acknowledged message is there': acknowledgedMessages,
  'a message is sent once': sentOnce,
  'conversations are kept and deleted as told': conversationsKept,
  'titles are kept': titlesKept,
  'every answer ends': answersEnded,
  'every answer that was begun is there': begunAnswersKept,
  'what was seen is what is stored': seenIsStored,
  'a resume leaves nothing out': resumedWhole,
  'ended sessions are refused': endedSessionsRefused,
  'disabled people are refused': disabledPeopleRefused,
  'withdrawn roles are refused': withdrawnRolesRefused,
  'nobody is signed out without a reason': nobodySignedOut,
  'sessions end for the reasons there were': endingsExplained,
  'nobody has too many sessions': (_, stored) => fewSessions(stored, sessionsPerPerson),
  'nobody is told what is another’s': nothingOfOthers,
  'every answer was asked for with its owner’s token': ownTokens,
  'no answer was ordered twice': askedOnce,
  'failures are told': failuresTold,
  'all recovers by itself': recovered,
  'the audit chain is valid': chainValid,
  'every act is in the audit log': actsRecorded,
  'processes stay within bounds': boundedProcesses,
  'no process ends by itself': livesEndedOnOrder,
  'the logs are quiet': quietLogs,
  'no text is in the logs': noTextInLogs,
};

export interface Breach {
  invariant: string;
  what: string;
}

export const breachesOf = (journal: Journal, stored: Stored): Breach[] =>
  Object.entries(invariants).flatMap(([invariant, check]) =>
    check(journal, stored).map((what) => ({ invariant, what })),
  );
