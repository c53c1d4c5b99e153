import type { DeviceStatus, ErrorCode } from '#contracts';

export type DevicePhase =
  | { name: 'waiting' }
  | { name: 'approved' }
  | { name: 'ended'; reason: 'declined' | 'expired' | 'failed'; code: ErrorCode };

const codes = {
  declined: 'sign_in_declined',
  expired: 'sign_in_expired',
  failed: 'sign_in_failed',
} as const satisfies Record<string, ErrorCode>;

/** Our own clock may reach the end before the server says so; an approval it has already told still counts. */
export function devicePhase(status: DeviceStatus | undefined, expiresAt: string, now: number): DevicePhase {
  if (status?.status === 'approved') return { name: 'approved' };
  if (status !== undefined && status.status !== 'pending') {
    return { name: 'ended', reason: status.status, code: status.code ?? codes[status.status] };
  }
  if (now >= Date.parse(expiresAt)) return { name: 'ended', reason: 'expired', code: codes.expired };
  return { name: 'waiting' };
}
