/** Every time by which a generation is written down, watched over and handed on. */
export const timing = {
  /** At most one write of the text so far in this time, never one per delta. */
  saveEveryMs: 250,
  /** A process that has not renewed its lease for so long is taken to be gone. */
  leaseSeconds: 10,
  renewEveryMs: 3_000,
  recoverEveryMs: 2_000,
  /** Between tries to store a finished answer while the database is away: about a minute in all. */
  finishRetriesMs: [250, 500, 1_000, ...Array.from({ length: 30 }, () => 2_000)],
  /** How long a stop of the process waits for its answers to be stored. */
  shutdownMs: 8_000,
  /** Closing sockets drop what they have not sent yet. */
  farewellMs: 150,
  /** Followers look into the database as well, in case whoever would wake them is gone. */
  lookEveryMs: 5_000,
  heartbeatMs: 15_000,
} as const;
