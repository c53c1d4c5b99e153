import { expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

it.each<[string | undefined, string | null]>([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  [undefined, null],
  ['', null],
  ['unknown', null],
  ['_hidden', null],
  ['192.0.2.1.', null],
  ['192.0.2.256', null],
  ['192.0.2.1:4711:1', null],
  ['[192.0.2.1', null],
  ["1'; DROP TABLE sessions;--", null],
])('API-04: %j is counted and stored as %j', (written, address) => {
  expect(clientAddress(written)).toBe(address);
});
