import { TENANT } from './people.ts';

/** Where this Azure is, as it names itself to whoever asks. */
export interface Addresses {
  /** What servers talk to: https. */
  authority: string;
  /** What browsers open: plain http, so that nobody meets a certificate warning. */
  pages: string;
  graph: string;
}

export const REAL_HOSTS = ['login.microsoftonline.com', 'graph.microsoft.com', 'management.azure.com'];

export function ownAddresses(httpsUrl: string, httpUrl: string): Addresses {
  return { authority: httpsUrl, pages: httpUrl, graph: httpsUrl };
}

/** For callers that come by the proxy and believe that they speak to Microsoft. */
export function realAddresses(httpUrl: string): Addresses {
  return {
    authority: 'https://login.microsoftonline.com',
    pages: httpUrl,
    graph: 'https://graph.microsoft.com',
  };
}

export function issuerOf(addresses: Addresses, tenant: string = TENANT.id): string {
  return `${addresses.authority}/${tenant}/v2.0`;
}
