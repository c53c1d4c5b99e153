import { expect, it } from 'vitest';
import { devicePhase } from './device-phase.ts';

const expiresAt = '2030-01-01T00:15:00.000Z';
const before = Date.parse(expiresAt) - 1;
const after = Date.parse(expiresAt);

it('waits while the code is valid and nobody has answered', () => {
  expect(devicePhase(undefined, expiresAt, before)).toEqual({ name: 'waiting' });
  expect(devicePhase({ status: 'pending' }, expiresAt, before)).toEqual({ name: 'waiting' });
});

it('ends by its own clock when the server has not said so yet', () => {
  expect(devicePhase({ status: 'pending' }, expiresAt, after)).toMatchObject({
    name: 'ended',
    reason: 'expired',
  });
});

it('takes an approval even when the time has just run out', () => {
  expect(devicePhase({ status: 'approved' }, expiresAt, after)).toEqual({ name: 'approved' });
});

it('tells the reason that the server gives, or the usual one', () => {
  expect(devicePhase({ status: 'failed', code: 'no_role' }, expiresAt, before)).toMatchObject({
    code: 'no_role',
  });
  expect(devicePhase({ status: 'declined' }, expiresAt, before)).toMatchObject({ code: 'sign_in_declined' });
});
