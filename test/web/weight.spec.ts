import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, openPage } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { composer, signInByCode } from './steps.ts';

/** Script as it travels, compressed, in kB (1000 bytes), until the page can be used. */
const most = { login: 200, chat: 350 };

/** Counts what the network carried; not the headers, which HTTP/2 sends once. */
async function weighScripts(page: Page): Promise<() => number> {
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

describe.skipIf(!hasChromium)('the weight of a page', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it(`signing in needs at most ${most.login} kB of script, the chat ${most.chat} kB`, async () => {
    const { page, context } = await openPage(browser);
    const login = await weighScripts(page);
    await page.goto(`${stack.url}/login`, { waitUntil: 'networkidle' });
    const weight = { login: login(), chat: 0 };

    await signInByCode(page, stack, 'Uma Patel');
    const visit = await context.newPage();
    const chat = await weighScripts(visit);
    await visit.goto(stack.url, { waitUntil: 'networkidle' });
    await composer(visit).waitFor();
    weight.chat = chat();

    console.info(`script over the wire: login ${weight.login} kB, chat ${weight.chat} kB`);
    expect(weight.login).toBeGreaterThan(50);
    expect(weight.login).toBeLessThanOrEqual(most.login);
    expect(weight.chat).toBeGreaterThan(weight.login);
    expect(weight.chat).toBeLessThanOrEqual(most.chat);
    await context.close();
  });
});
