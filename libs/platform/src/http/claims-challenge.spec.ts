import { describe, expect, it } from 'vitest';
import { challengedClaims, challengeHeader } from './claims-challenge.ts';

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const challenge = (value: string) =>
  `Bearer realm="", authorization_uri="https://login.example/authorize", error="insufficient_claims", claims="${value}"`;

describe('a claims challenge', () => {
  it('is read from WWW-Authenticate, and passed on as it came', () => {
    expect(challengedClaims(challenge(encoded(claims)))).toBe(claims);
    expect(challengedClaims(challengeHeader(claims))).toBe(claims);
  });

  it.each([
    ['no header', undefined],
    ['nothing', null],
    ['another error', 'Bearer error="invalid_token", error_description="expired"'],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['no base64', challenge('%%%')],
    ['no JSON', challenge(encoded('acrs=c1'))],
    ['JSON that is no object', challenge(encoded('["c1"]'))],
    ['null', challenge(encoded('null'))],
    ['more than any challenge is', challenge(encoded(JSON.stringify({ a: 'x'.repeat(5000) })))],
  ])('%s is none', (_, header) => {
    expect(challengedClaims(header)).toBeNull();
  });
});
