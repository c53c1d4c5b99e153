import { isIP } from 'node:net';

/**
 * The address of a caller as it may be counted and stored: some proxies (Azure Application Gateway) write the port of
 * each connection behind it. Null for what is no address.
 */
export function clientAddress(written: string | undefined): string | null {
  const [, ofIpv6, ofIpv4] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(written ?? '') ?? [];
  // A zone names an interface of the machine that wrote it.
  const address = (ofIpv6 ?? ofIpv4 ?? written ?? '').split('%', 1)[0] ?? '';
  return isIP(address) ? address : null;
}
