/** Carried past Microsoft's sign-out page, which comes back without our query string. */
export type Farewell = 'signed_out' | 'sign_out_unconfirmed';

const key = 'entrada.farewell';

export function leaveFarewell(farewell: Farewell): void {
  try {
    window.sessionStorage.setItem(key, farewell);
  } catch {
    // Only the greeting is lost.
  }
}

/** Read once: a reload of the sign-in page does not say it again. */
export function takeFarewell(): Farewell | null {
  try {
    const farewell = window.sessionStorage.getItem(key);
    window.sessionStorage.removeItem(key);
    return farewell === 'signed_out' || farewell === 'sign_out_unconfirmed' ? farewell : null;
  } catch {
    return null;
  }
}
