import {
  type LiveAnswer,
  type LiveAnswers,
  type LiveEvent,
  liveAnswers,
  noLiveAnswers,
} from './live-answer.ts';

export interface AnswersStore {
  dispatch(event: LiveEvent): void;
  knows(generationId: string): boolean;
  ofMessage(messageId: string): LiveAnswer | null;
  running(): LiveAnswer[];
  subscribe(listener: () => void): () => void;
}

/**
 * @param onGap is called once for each place where something is found to be missing.
 * @param schedule says when listeners hear of changes: once per drawn frame, however many deltas it holds.
 */
export function createAnswersStore(
  onGap: (answer: LiveAnswer) => void,
  schedule: (notify: () => void) => void = nextFrame,
): AnswersStore {
  let state: LiveAnswers = noLiveAnswers;
  let scheduled = false;
  const listeners = new Set<() => void>();
  const running = (): LiveAnswer[] => Object.values(state).filter((answer) => answer !== 'finished');

  return {
    dispatch(event) {
      const before = state;
      state = liveAnswers(before, event);
      if (state === before) return;
      const answer = state[event.generationId];
      const previous = before[event.generationId];
      if (answer !== undefined && answer !== 'finished' && answer.resumeAfter !== null) {
        const asked = previous === undefined || previous === 'finished' ? null : previous.resumeAfter;
        if (answer.resumeAfter !== asked) onGap(answer);
      }
      if (scheduled) return;
      scheduled = true;
      schedule(() => {
        scheduled = false;
        for (const listener of listeners) listener();
      });
    },
    knows: (generationId) => Object.hasOwn(state, generationId),
    ofMessage: (messageId) => running().find((answer) => answer.messageId === messageId) ?? null,
    running,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A hidden tab draws no frames, but its text should be there when somebody comes back. */
function nextFrame(notify: () => void): void {
  if (document.hidden) setTimeout(notify, 250);
  else requestAnimationFrame(notify);
}
