import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorTable } from '#contracts';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { pickPerson, signInByCode } from './steps.ts';

const oneSession = '**/api/auth/sessions/*';
/** As the API answers an act that needs a recent sign-in. */
const askToStepUp = (route: Route): Promise<void> =>
  route.fulfill({
    status: 403,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      ...errorTable.step_up_required,
      type: 'urn:entrada:error:step_up_required',
      code: 'step_up_required',
      requestId: '00000000-0000-4000-8000-000000000000',
    }),
  });

describe.skipIf(!hasChromium)('acts that need a recent sign-in, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it('AUZ-10: lead to Microsoft and back to the same page, and are not done by themselves', async () => {
    const there = stack.visitor();
    await there.signIn(stack.azure, 'uma');
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await page.goto(`${stack.url}/account/sessions`);
    const ends: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'DELETE') ends.push(request.url());
    });
    await page.route(oneSession, askToStepUp);
    const end = page.getByRole('button', { name: /^End the session on/ });
    const dialog = page.getByRole('alertdialog');
    await end.click();
    await dialog.waitFor();
    await photograph(page, 'step-up-1280');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize(narrow);
    await photograph(page, 'step-up-390');
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(ends).toHaveLength(1);

    await end.click();
    await dialog.getByRole('button', { name: 'Sign in once more' }).click();
    await pickPerson(page, 'Uma Patel');
    await page.waitForURL(`${stack.url}/account/sessions`);
    await page.getByText('Confirmed. You can go on.').waitFor();
    expect(ends).toHaveLength(2);
    expect(await there.readSession()).not.toBeNull();

    await page.unroute(oneSession);
    await end.click();
    await page.getByText('Session ended.').waitFor();
    await expect.poll(() => there.readSession()).toBeNull();
    await context.close();
  });

  it('AUZ-10: who changes their mind at Microsoft finds the way back, still signed in', async () => {
    await stack.visitor().signIn(stack.azure, 'gustav');
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Gustav Berg');
    await page.goto(`${stack.url}/account/sessions`);
    await page.route(oneSession, askToStepUp);
    await page.getByRole('button', { name: /^End the session on/ }).click();
    await page.getByRole('button', { name: 'Sign in once more' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Sign-in was cancelled').waitFor();
    await photograph(page, 'step-up-cancelled-1280');
    await page.getByRole('link', { name: 'Go back without confirming' }).click();
    await page.getByRole('list', { name: 'Sessions' }).waitFor();
    expect(await page.getByText('Confirmed. You can go on.').count()).toBe(0);
    await context.close();
  });
});
