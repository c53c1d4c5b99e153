import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { composer, openOptions, send, signInByCode, untilFinished } from './steps.ts';

/** Presses Tab until the focus is on something of this name, as somebody without a mouse would. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return '';
      return element.getAttribute('aria-label') ?? element.textContent;
    });
  for (let presses = 0; presses < 30; presses += 1) {
    if (name.test(await focused())) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never came to ${name}; it is on "${await focused()}"`);
}

describe.skipIf(!hasChromium)('for everybody: keyboard, screen reader, both themes', () => {
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
  ])('axe finds nothing on any page, at %s pixels', async (_width, viewport, person) => {
    const { page, context } = await openPage(browser, viewport);
    const faults: Record<string, string[]> = {};
    const look = async (place: string, open?: { menuOpen: boolean }): Promise<void> => {
      const found = await accessibilityFaults(page, open);
      if (found.length > 0) faults[place] = found;
    };
    await page.goto(`${stack.url}/login?error=no_role`);
    await page.getByRole('button', { name: 'Sign in with a device code' }).click();
    await page.getByRole('button', { name: 'Copy code' }).waitFor();
    await look('device code');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await look('login');

    await signInByCode(page, stack, person);
    await look('empty chat');
    await send(page, 'Show me a table, some code and a formula');
    await untilFinished(page);
    await look('conversation');
    await stack.azure.set({ faults: { openai: [{ kind: 'insufficient-claims' }] } });
    await send(page, 'And what if Azure refuses?');
    await page.getByRole('button', { name: 'Confirm and send again' }).waitFor({ timeout: 20_000 });
    await look('refused message');
    await page.getByRole('button', { name: `Account of ${person}` }).click();
    await page.getByRole('menuitem', { name: 'Account' }).waitFor();
    await look('account menu', { menuOpen: true });
    await page.keyboard.press('Escape');
    if (viewport === narrow)
      await page
        .getByRole('button', { name: /conversations/i })
        .first()
        .click();
    await openOptions(page, 'Show me a table, some code and a formula');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).last().waitFor();
    await look('delete dialog');

    await page.goto(`${stack.url}/?c=nothing-of-the-kind`);
    await page.getByText('This link does not lead to a conversation').waitFor();
    await look('malformed address');
    await page.goto(`${stack.url}/account`);
    await page.getByRole('heading', { name: 'Access to Azure' }).waitFor();
    await look('account');
    await page.goto(`${stack.url}/account/sessions`);
    await page.getByRole('list', { name: 'Sessions' }).waitFor();
    await look('sessions');
    await page.goto(`${stack.url}/nowhere`);
    await look('not found');
    expect(faults).toEqual({});
    await context.close();
  });

  it('by keyboard alone: signing in, sending, regenerating', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(stack.url);
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor();
    await tabTo(page, /Sign in with Microsoft/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Gustav Berg' }).waitFor();
    await tabTo(page, /Gustav Berg/);
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    await expect.poll(() => composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('Hello by keyboard');
    await page.keyboard.press('Enter');
    await untilFinished(page);
    await tabTo(page, /^Regenerate$/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('2/2').waitFor({ timeout: 30_000 });
    await context.close();
  });
});
