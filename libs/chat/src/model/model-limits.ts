/** Every time and count by which a call to the model is bounded. */
export interface ModelLimits {
  /** From the request until the first piece of the answer. */
  firstEventMs: number;
  /** Between two pieces of the answer. */
  stallMs: number;
  /** For the usage figures, which follow the end of the text. */
  trailerMs: number;
  /** The whole call: a stream that drips for ever is not an answer. */
  wholeMs: number;
  /** Further tries after a failure that may pass, only before the first text was shown. */
  retries: number;
  /** Waiting between the tries, in total. A longer wait is for the person to decide on. */
  retryWaitMs: number;
  /** From here on a wait is told to the person. */
  toldWaitMs: number;
  /** First wait when Azure names none; doubled each time. */
  backOffMs: number;
}

export const modelLimits: ModelLimits = {
  firstEventMs: 60_000,
  stallMs: 60_000,
  trailerMs: 5_000,
  wholeMs: 15 * 60_000,
  retries: 2,
  retryWaitMs: 10_000,
  toldWaitMs: 1_000,
  backOffMs: 500,
};
