/**
 * Which device a session belongs to: the browser's secret cookie, and the families of browser and system. Versions
 * change under a person's hands and addresses with every train, so neither ends a session.
 */
import bowser from 'bowser';

export interface Device {
  browser: string | null;
  system: string | null;
}

/** What a request shows of its device. */
export interface PresentedDevice {
  browserHash: Buffer | null;
  userAgent: string | null;
}

export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = bowser.parse(userAgent);
  // What is no browser names itself first: `curl/8.5.0`.
  return { browser: browser.name || (/^[^\s/(]+/.exec(userAgent)?.[0] ?? null), system: os.name || null };
}

export type Drift = 'none' | 'small' | 'hard';

/** "Request desktop site" makes a phone name the desktop's system. */
const desktopDisguise = new Set(['Android Linux', 'Linux Android', 'iOS macOS', 'macOS iOS']);

const differs = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other;

/** `small` is worth a note; `hard` means that someone else holds the cookie. */
export function driftOf(
  known: Device & { browserHash: Buffer; userAgent: string | null },
  { browserHash, userAgent }: PresentedDevice,
): Drift {
  if (!browserHash?.equals(known.browserHash)) return 'hard';
  // Some clients name themselves in requests and not in the upgrade of a socket.
  if (userAgent === null || userAgent === known.userAgent) return 'none';
  const { browser, system } = deviceOf(userAgent);
  if (differs(known.browser, browser)) return 'hard';
  if (differs(known.system, system) && !desktopDisguise.has(`${known.system} ${system}`)) return 'hard';
  return 'small';
}

/** `Chrome on Windows`, for people. */
export const describeDevice = ({ browser, system }: Device): string =>
  browser && system ? `${browser} on ${system}` : (browser ?? system ?? 'Unknown device');
