import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { composer, copyBy, signInByCode } from './steps.ts';

describe.skipIf(!hasChromium)('signing in, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
    await stack.azure.set({ device: { interval: 1 } });
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])('by code, at %s pixels: to the page that was asked for, and out again', async (width, viewport) => {
    const { page, context, complaints } = await openPage(browser, viewport);
    await page.goto(`${stack.url}/account`);
    await page.waitForURL(/\/login\?returnTo=/);
    await page.getByRole('heading', { name: 'Sign in to Entrada' }).waitFor();
    await photograph(page, `login-${width}`);
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'Uma Patel' }).click();
    await page.waitForURL(`${stack.url}/account`);
    await page.getByText('uma.patel@contoso.com').first().waitFor();
    await photograph(page, `account-${width}`);

    await page.getByRole('button', { name: 'Account of Uma Patel' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('signed out', { exact: false }).first().waitFor();
    await page.goto(stack.url);
    await page.waitForURL(/\/login/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])(
    'by device code, at %s pixels: the code is shown, approved elsewhere, and the chat opens',
    async (width, viewport) => {
      const { page, context, complaints } = await openPage(browser, viewport);
      await page.goto(`${stack.url}/login`);
      await page.getByRole('button', { name: 'Sign in with a device code' }).click();
      const dialog = page.getByRole('dialog');
      const code = await copyBy(dialog.getByRole('button', { name: 'Copy code' }));
      expect(await dialog.innerText()).toContain(code);
      await dialog.getByText(/only continue if you started/i).waitFor();
      await photograph(page, `device-${width}`);
      await stack.azure.answerDeviceCode(code, 'uma');
      await composer(page).waitFor({ timeout: 15_000 });
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('a declined device code says so and offers a new one', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(`${stack.url}/login`);
    await page.getByRole('button', { name: 'Sign in with a device code' }).click();
    const code = await copyBy(page.getByRole('button', { name: 'Copy code' }));
    await stack.azure.answerDeviceCode(code, 'uma', 'decline');
    await page.getByText('Sign-in was cancelled').waitFor({ timeout: 15_000 });
    await photograph(page, 'device-declined-1280');
    await page.getByRole('button', { name: 'Get a new code' }).click();
    await page.getByRole('button', { name: 'Copy code' }).waitFor();
    await context.close();
  });

  it('somebody without a role is told what to do', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(`${stack.url}/login`);
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'Nora Lindqvist' }).click();
    await page.waitForURL(/\/login\?error=no_role/);
    await page.getByText('You have no access yet').waitFor();
    await photograph(page, 'login-no-role-1280');
    await context.close();
  });

  it('SES-14: no token and nothing of the session is in storage, URL or page', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    const cookies = await context.cookies(stack.url);
    const session = cookies.find(({ name }) => name.endsWith('entrada_session'));
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    const seen = await page.evaluate(() =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        location.href,
        document.cookie,
        document.documentElement.outerHTML,
      ]),
    );
    expect(seen).not.toContain(session?.value);
    expect(seen).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/);
    await context.close();
  });
});
