/** How a generation ended. */
import { errorTable, type MessageError, type MessageStatus } from '#contracts';
import { AppError } from '#platform';

export type FinishedStatus = Exclude<MessageStatus, 'streaming'>;

/** `lost`: the row is gone, or another process has taken it over; nothing may be written any more. */
export type AbortReason = 'stop' | 'shutdown' | 'lost';

export interface Outcome {
  status: FinishedStatus;
  error: MessageError | null;
  truncated: boolean;
}

export interface HowItEnded {
  /** What the model said; null when it said nothing. */
  end: 'complete' | 'length' | null;
  abortedBy: AbortReason | null;
  failure: AppError | null;
}

/** Null: nothing is to be recorded. Only what the model itself declared finished is done (security.md F15). */
export function outcomeOf({ end, abortedBy, failure }: HowItEnded): Outcome | null {
  if (abortedBy === 'lost') return null;
  if (end !== null) return { status: 'done', error: null, truncated: end === 'length' };
  if (abortedBy === 'stop') return stopped;
  if (abortedBy === 'shutdown') return interrupted;
  return failed(failure ?? new AppError('model_unavailable'));
}

/** For a generation whose process is gone. */
export const orphanOutcome = ({ stopRequestedAt }: { stopRequestedAt: Date | null }): Outcome =>
  stopRequestedAt ? stopped : interrupted;

const stopped: Outcome = { status: 'stopped', error: null, truncated: false };
const interrupted: Outcome = {
  status: 'interrupted',
  error: messageErrorOf(new AppError('generation_interrupted')),
  truncated: false,
};
const failed = (error: AppError): Outcome => ({
  status: 'failed',
  error: messageErrorOf(error),
  truncated: false,
});

function messageErrorOf({ code, extras }: AppError): MessageError {
  const { title, detail } = errorTable[code];
  const { retryAfterSeconds, filter, claims } = extras;
  return {
    code,
    title,
    detail,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(filter ? { filter } : {}),
    ...(claims ? { claims } : {}),
  };
}
