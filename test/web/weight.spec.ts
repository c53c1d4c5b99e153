import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, openPage } from '../support/chromium.ts';
import { weighScripts } from '../support/script-weight.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { composer, signInByCode } from './steps.ts';

/** Script as it travels, compressed, in kB (1000 bytes), until the page can be used. */
const most = { login: 200, chat: 350 };

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
