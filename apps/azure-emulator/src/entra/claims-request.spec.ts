import { describe, expect, it } from 'vitest';
import { readClaimsRequest } from './claims-request.ts';

const read = (accessToken: object) => readClaimsRequest(JSON.stringify({ access_token: accessToken }));

describe('the claims parameter', () => {
  it('declares what the client can do without asking anything of the person', () => {
    expect(read({ xms_cc: { values: ['cp1'] } })).toEqual({
      handlesChallenges: true,
      contexts: [],
      needsSecondStep: false,
    });
  });

  it('asks for an authentication context, or for a fresh sign-in', () => {
    expect(read({ acrs: { essential: true, value: 'c1' } })).toMatchObject({
      contexts: ['c1'],
      needsSecondStep: true,
    });
    expect(read({ nbf: { essential: true, value: '1700000000' } }).needsSecondStep).toBe(true);
  });

  it('is optional, and refused when it is not JSON of that shape', () => {
    expect(readClaimsRequest(undefined).needsSecondStep).toBe(false);
    expect(() => readClaimsRequest('{')).toThrow('AADSTS');
    expect(() => readClaimsRequest('{"access_token":7}')).toThrow('AADSTS');
  });
});
