import { randomBytes, randomInt } from 'node:crypto';
import type { LiveSession } from './browser-session.ts';
import type { Grant } from './grant.ts';

export interface DeviceRequest {
  deviceCode: string;
  userCode: string;
  clientId: string;
  scope: string;
  expiresAt: number;
  intervalSeconds: number;
  lastPolledAt: number | null;
  state: 'pending' | 'approved' | 'declined' | 'redeemed';
  grant: Grant | null;
}

// Without vowels no words come out, and without 0, O, 1 and I no doubts.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ23456789';
const KEPT_AFTER_EXPIRY_MS = 3_600_000;

export class DeviceRequests {
  private readonly requests = new Map<string, DeviceRequest>();

  begin(wanted: Pick<DeviceRequest, 'clientId' | 'scope' | 'expiresAt' | 'intervalSeconds'>): DeviceRequest {
    this.forgetOld();
    const request: DeviceRequest = {
      ...wanted,
      deviceCode: randomBytes(96).toString('base64url'),
      userCode: Array.from({ length: 9 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
      lastPolledAt: null,
      state: 'pending',
      grant: null,
    };
    this.requests.set(request.deviceCode, request);
    return request;
  }

  find(deviceCode: string | undefined): DeviceRequest | undefined {
    return this.requests.get(deviceCode ?? '');
  }

  /** A request that somebody can still answer. */
  findOpen(userCode: string | undefined): DeviceRequest | undefined {
    const wanted = userCode?.replace(/[\s-]/g, '').toUpperCase();
    return [...this.requests.values()].find(
      (request) =>
        request.userCode === wanted && request.state === 'pending' && request.expiresAt > Date.now(),
    );
  }

  private forgetOld(): void {
    for (const [deviceCode, request] of this.requests) {
      if (request.expiresAt + KEPT_AFTER_EXPIRY_MS < Date.now()) this.requests.delete(deviceCode);
    }
  }
}

export function approve(request: DeviceRequest, session: LiveSession): void {
  request.state = 'approved';
  request.grant = {
    personId: session.person.id,
    clientId: request.clientId,
    sessionId: session.sessionId,
    grantedAt: Date.now(),
    scope: request.scope,
    methods: session.methods,
    contexts: [],
    confidential: false,
  };
}
