import type { Page } from 'playwright-core';

/** Script as it travels, in kB (1000 bytes): what the network carried, without the headers, which HTTP/2 sends once. */
export async function weighScripts(page: Page): Promise<() => number> {
  const network = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  let bytes = 0;
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type !== 'Script' && !/javascript/.test(response.mimeType)) return;
    scripts.add(requestId);
    bytes -= response.encodedDataLength;
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  return () => Math.round(bytes / 1000);
}
