import { describe, expect, it } from 'vitest';
import { describeDevice, deviceOf, driftOf } from './device.ts';

const chrome = (version: string, system = 'Windows NT 10.0; Win64; x64') =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const ours = Buffer.alloc(32, 1);
const known = (userAgent: string | null) => ({ ...deviceOf(userAgent), browserHash: ours, userAgent });

describe('driftOf', () => {
  const cases = [
    ['the same', chrome('130.0.0.0'), chrome('130.0.0.0'), 'none'],
    ['another version', chrome('130.0.0.0'), chrome('131.0.0.0'), 'small'],
    ['another browser', chrome('130.0.0.0'), firefox, 'hard'],
    ['another system', chrome('130.0.0.0'), chrome('130.0.0.0', 'Macintosh; Intel Mac OS X 10_15_7'), 'hard'],
    [
      'the desktop site on a phone',
      chrome('130.0.0.0', 'Linux; Android 14; Pixel 8'),
      chrome('130.0.0.0', 'X11; Linux x86_64'),
      'small',
    ],
    ['a script for a browser', chrome('130.0.0.0'), 'curl/8.5.0', 'hard'],
    ['a browser for a script', 'node', chrome('130.0.0.0'), 'hard'],
    ['a newer script', 'curl/8.4.0', 'curl/8.5.0', 'small'],
    ['no name at all', chrome('130.0.0.0'), null, 'none'],
    ['a name where there was none', null, firefox, 'small'],
  ] as const;
  it.each(cases)('SES-17: %s', (_, before, now, drift) => {
    expect(driftOf(known(before), { browserHash: ours, userAgent: now })).toBe(drift);
  });

  it('SES-17: the same name without the browser’s own secret, or with another one, is somebody else', () => {
    const userAgent = chrome('130.0.0.0');
    expect(driftOf(known(userAgent), { browserHash: null, userAgent })).toBe('hard');
    expect(driftOf(known(userAgent), { browserHash: Buffer.alloc(32, 2), userAgent })).toBe('hard');
  });
});

it('devices are told in words', () => {
  expect(describeDevice(deviceOf(chrome('130.0.0.0')))).toBe('Chrome on Windows');
  expect(describeDevice(deviceOf('curl/8.5.0'))).toBe('curl');
  expect(describeDevice(deviceOf(null))).toBe('Unknown device');
});
