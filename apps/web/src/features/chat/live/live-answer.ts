/**
 * The answers being written, as one pure function of what arrived. Deltas are numbered from 1 without gaps and
 * `generation:finished` carries the next number; a socket may repeat, reorder after a resume, or lose them.
 * Text grows only in order: what comes early waits, what comes again is dropped, a finished answer is never reopened.
 */
import type { GenerationDelta, GenerationFinished, GenerationStarted, GenerationWaiting } from '#contracts';

export interface LiveAnswer {
  generationId: string;
  /** Unknown when a delta overtakes `generation:started`. */
  messageId: string | null;
  /** The last number that `text` holds. */
  seq: number;
  text: string;
  /** Deltas that came before an earlier one. */
  early: Readonly<Record<number, string>>;
  /** Set while something is missing: ask for what comes after this number. */
  resumeAfter: number | null;
  /** Azure asked for patience and nothing is written yet: why, and when the server tries again. */
  wait: AnswerWait | null;
}

export type AnswerWait = Pick<GenerationWaiting, 'code'> & { until: number };

/** By generation. A finished one stays as `finished`, so that a late delta cannot bring it back. */
export type LiveAnswers = Readonly<Record<string, LiveAnswer | 'finished'>>;

export type LiveEvent =
  | ({ type: 'started' } & Pick<GenerationStarted, 'generationId' | 'messageId'>)
  | ({ type: 'snapshot'; messageId: string } & GenerationDelta)
  | ({ type: 'waiting'; generationId: string } & AnswerWait)
  | ({ type: 'delta' } & GenerationDelta)
  | ({ type: 'finished' } & Pick<GenerationFinished, 'generationId'>);

export const noLiveAnswers: LiveAnswers = {};

export function liveAnswers(state: LiveAnswers, event: LiveEvent): LiveAnswers {
  const known = state[event.generationId];
  if (known === 'finished') return state;
  const next =
    event.type === 'finished' ? 'finished' : advance(known ?? beginning(event.generationId), event);
  return next === known ? state : { ...state, [event.generationId]: next };
}

function beginning(generationId: string): LiveAnswer {
  return { generationId, messageId: null, seq: 0, text: '', early: {}, resumeAfter: null, wait: null };
}

function advance(answer: LiveAnswer, event: Exclude<LiveEvent, { type: 'finished' }>): LiveAnswer {
  switch (event.type) {
    case 'started':
      return answer.messageId === event.messageId ? answer : { ...answer, messageId: event.messageId };
    case 'snapshot': {
      const named = answer.messageId === event.messageId ? answer : { ...answer, messageId: event.messageId };
      return event.seq <= named.seq ? named : settle({ ...named, seq: event.seq, text: event.text });
    }
    case 'waiting': {
      const { code, until } = event;
      return answer.seq > 0 ? answer : { ...answer, wait: { code, until } };
    }
    case 'delta':
      if (event.seq <= answer.seq || event.seq in answer.early) return answer;
      return settle({ ...answer, early: { ...answer.early, [event.seq]: event.text } });
  }
}

/** Appends what now follows in order, and notes what is still missing. */
function settle(answer: LiveAnswer): LiveAnswer {
  let { seq, text } = answer;
  for (let next = answer.early[seq + 1]; next !== undefined; next = answer.early[seq + 1]) {
    text += next;
    seq += 1;
  }
  const waiting = Object.entries(answer.early).filter(([number]) => Number(number) > seq);
  return {
    ...answer,
    seq,
    text,
    wait: seq > 0 ? null : answer.wait,
    early: Object.fromEntries(waiting),
    resumeAfter: waiting.length > 0 ? seq : null,
  };
}
