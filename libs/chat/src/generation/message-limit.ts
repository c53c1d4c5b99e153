/** Questions of one person, per way of asking: nobody reads that many answers in a minute. */
export const messageLimit = { limit: 120, ttl: 60_000 };
