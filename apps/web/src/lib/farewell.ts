import { keep, readKept } from './tab-storage.ts';

const key = 'farewell';

/** Carried past Microsoft's sign-out page, which comes back without our query string. */
export function leaveFarewell(): void {
  keep(key, true);
}

export const readFarewell = (): boolean => readKept(key) === true;

/** Said once: a reload of the sign-in page does not say it again. */
export function forgetFarewell(): void {
  keep(key, null);
}
