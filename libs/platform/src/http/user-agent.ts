import type { IncomingHttpHeaders } from 'node:http';

const longest = 512;

/**
 * What the client calls itself, clipped: a header may have 16 kB, and it is stored with each session and audit entry.
 * Whoever stores or compares it takes it from here, so that one client always has one name.
 */
export const userAgentOf = (headers: IncomingHttpHeaders): string | null =>
  headers['user-agent']?.slice(0, longest) ?? null;
