/**
 * Polling for device sign-ins, from one place in one process however many tabs ask (RFC 8628, 3.5). MSAL speaks the
 * protocol; this network paces it: it hands MSAL the device code that was already given out, waits out the interval
 * before every poll, and turns `slow_down`, at which MSAL gives up, into a longer interval.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { z } from 'zod';
import type { Fetch } from '#platform';
import { EntraNetwork } from '../entra/entra-network.ts';

export const deviceAuthorizationSchema = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.url({ protocol: /^https?$/ }),
  expires_in: z.coerce.number().positive(),
  interval: z.coerce.number().positive().default(5),
  message: z.string().default(''),
});
export type DeviceAuthorization = z.infer<typeof deviceAuthorizationSchema>;

/** RFC 8628, 3.5: by how much `slow_down` lengthens the interval, for all later polls. */
const slowDownSeconds = 5;

export class PollingEnded extends Error {}

export interface Pacing {
  authorization: DeviceAuthorization;
  /** Called before each poll; false ends the polling. `nextInSeconds` says when the next one is due. */
  mayPoll(nextInSeconds: number): Promise<boolean>;
}

export class PacedNetwork extends EntraNetwork {
  /** MSAL reports whatever is thrown here as a network error; this tells it apart. */
  hasEnded = false;
  private intervalSeconds: number;

  constructor(
    fetch: Fetch,
    private readonly pacing: Pacing,
    private readonly pause: (ms: number) => Promise<unknown> = wait,
  ) {
    super(fetch);
    this.intervalSeconds = pacing.authorization.interval;
  }

  override async sendPostRequestAsync<Body>(
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<Body>> {
    const isPoll =
      new URLSearchParams(options?.body).get('device_code') === this.pacing.authorization.device_code;
    if (!isPoll) return this.knownAuthorization();
    this.forgetRefusal();
    await this.pause(this.intervalSeconds * 1000);
    this.hasEnded = !(await this.pacing.mayPoll(this.intervalSeconds));
    if (this.hasEnded) throw new PollingEnded();
    const response = await super.sendPostRequestAsync<Body>(url, options);
    if (this.refusal?.error !== 'slow_down') return response;
    this.intervalSeconds += slowDownSeconds;
    return { ...response, body: { error: 'authorization_pending' } as Body };
  }

  /** An interval of 0 for MSAL: the waiting is done here, and `mayPoll` knows when the code ends. */
  private knownAuthorization<Body>(): NetworkResponse<Body> {
    const body = { ...this.pacing.authorization, interval: 0 };
    return { status: 200, headers: {}, body: body as Body };
  }
}
