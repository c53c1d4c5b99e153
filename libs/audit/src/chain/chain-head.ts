import { z } from 'zod';

/** The newest link: whoever has kept it elsewhere can tell that nothing before it was rewritten since. */
export interface ChainHead {
  sequence: number;
  /** Hex; empty before the first entry. */
  hash: string;
}

const headSchema = z
  .string()
  .regex(/^\d{1,15}:[\da-f]{64}$/i)
  .transform((text): ChainHead => {
    const [sequence, hash = ''] = text.split(':');
    return { sequence: Number(sequence), hash: hash.toLowerCase() };
  });

export const formatHead = ({ sequence, hash }: ChainHead): string => `${sequence}:${hash}`;
/** Null when it is not `sequence:hash`. */
export const parseHead = (text: string): ChainHead | null => headSchema.safeParse(text).data ?? null;
