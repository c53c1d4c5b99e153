import { request } from 'node:https';
import type { INetworkModule } from '@azure/msal-node';

type Options = { headers?: Record<string, string>; body?: string };

/** MSAL's network, trusting the emulator's CA. A product gets there with NODE_EXTRA_CA_CERTS, which must be set at start. */
export function networkClient(ca: string): INetworkModule {
  const send = <T>(method: string, url: string, { headers, body }: Options = {}) =>
    new Promise<{ headers: Record<string, string>; body: T; status: number }>((resolve, reject) => {
      const outgoing = request(url, { method, headers, ca }, async (response) => {
        const text = (await response.toArray()).join('');
        const received = response.headers as Record<string, string>;
        resolve({ headers: received, body: JSON.parse(text) as T, status: response.statusCode! });
      });
      outgoing.on('error', reject).end(body);
    });
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}
