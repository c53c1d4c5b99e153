import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { composer, signInByCode } from './steps.ts';

describe.skipIf(!hasChromium)('one’s own sessions, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it.each([
    ['1280', wide, 'Uma Patel'],
    ['390', narrow, 'Gustav Berg'],
  ])(
    'SES-08: at %s pixels: another device is ended from here, and is told so at once',
    async (width, viewport, person) => {
      const here = await openPage(browser, viewport);
      const there = await openPage(browser);
      await signInByCode(here.page, stack, person);
      await signInByCode(there.page, stack, person);
      await here.page.goto(`${stack.url}/account/sessions`);
      const list = here.page.getByRole('list', { name: 'Sessions' });
      await list.getByText('This device').waitFor();
      expect(await list.getByRole('listitem').count()).toBe(2);
      expect(await list.innerText()).toMatch(/Chrome on Linux/);
      await photograph(here.page, `sessions-${width}`);
      await list.getByRole('button', { name: /^End the session on/ }).click();
      await there.page.getByText('Your session was ended').first().waitFor();
      await photograph(there.page, `session-ended-${width}`);
      await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
      await here.page.goto(stack.url);
      await composer(here.page).waitFor();
      expect(here.complaints).toEqual([]);
      await Promise.all([here.context.close(), there.context.close()]);
    },
  );
});
