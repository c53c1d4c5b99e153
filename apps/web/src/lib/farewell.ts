import { keep, readKept } from './tab-storage.ts';

/** Carried past Microsoft's sign-out page, which comes back without our query string. */
export type Farewell = 'signed_out' | 'sign_out_unconfirmed';

const key = 'farewell';

export function leaveFarewell(farewell: Farewell): void {
  keep(key, farewell);
}

export function readFarewell(): Farewell | null {
  const farewell = readKept(key);
  return farewell === 'signed_out' || farewell === 'sign_out_unconfirmed' ? farewell : null;
}

/** Said once: a reload of the sign-in page does not say it again. */
export function forgetFarewell(): void {
  keep(key, null);
}
