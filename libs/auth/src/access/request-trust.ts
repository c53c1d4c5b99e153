/** Whether a state-changing request was made by our own page (OWASP ASVS 5.0, 3.5). Pure, so that the rules are a table. */
import { isSameSecret } from '#platform';

export interface WriteRequest {
  origin?: string | undefined;
  referer?: string | undefined;
  fetchSite?: string | undefined;
}

export const isWrite = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

const originOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).origin : null);

/** What the browser itself says of where the request comes from; all that it says must agree. */
export function isFromOurPage({ origin, referer, fetchSite }: WriteRequest, publicUrl: string): boolean {
  const ours = new URL(publicUrl).origin;
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  if (origin !== undefined) return origin === ours;
  return referer === undefined || originOf(referer) === ours;
}

export const isCsrfTokenRight = (sent: string | undefined, expected: string): boolean =>
  sent !== undefined && isSameSecret(sent, expected);

/** Whether the person came here by our own page or by their own hand, as far as the browser says. */
export const isOwnNavigation = (fetchSite: string | string[] | undefined): boolean =>
  fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
