import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { administer, sidewaysOverflow, signInByCode, untilFocused } from './steps.ts';

describe.skipIf(!hasChromium)('everybody’s sessions, in a browser', () => {
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
  ])('SES-07: at %s pixels: one is ended, and its tab is told at once', async (width, viewport, person) => {
    const [here, there] = [await openPage(browser, viewport), await openPage(browser)];
    await signInByCode(there.page, stack, person);
    await administer(here.page, stack, 'Adele Vance', '/admin/sessions');
    const sessions = here.page.getByRole('table', { name: 'Live sessions' });
    await sessions.getByText('This session').waitFor();
    const end = sessions.getByRole('button', { name: `End the session of ${person}, Chrome on Linux` });
    await photograph(here.page, `admin-sessions-${width}`);
    expect(await accessibilityFaults(here.page)).toEqual([]);
    expect(await sidewaysOverflow(here.page)).toBe(0);
    await end.press('Enter');
    const dialog = here.page.getByRole('alertdialog');
    await dialog.waitFor();
    expect(await accessibilityFaults(here.page)).toEqual([]);
    await here.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await untilFocused(end);
    await end.press('Enter');
    await dialog.getByRole('button', { name: 'End session' }).press('Enter');
    await there.page.getByText('An administrator ended your session').first().waitFor();
    await end.waitFor({ state: 'detached' });
    expect([...here.complaints, ...there.complaints]).toEqual([]);
    await Promise.all([here.context.close(), there.context.close()]);
  });

  it('one that is over already is no failure; all of a person end at once', async () => {
    const { page, context, complaints } = await openPage(browser);
    const [one, other] = [stack.visitor(), stack.visitor()];
    for (const visitor of [one, other]) await visitor.signIn(stack.azure, 'viktor');
    await administer(page, stack, 'Adele Vance', '/admin/sessions');
    const ends = page.getByRole('button', { name: /^End the session of Viktor Holm/ });
    await expect.poll(() => ends.count()).toBe(2);
    await one.post('/api/auth/logout');
    await ends.last().click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click();
    await page.getByText('This session was already over.').waitFor();
    await expect.poll(() => ends.count()).toBe(1);
    await page.getByRole('link', { name: 'Viktor Holm' }).click();
    await page.getByRole('button', { name: 'End all sessions' }).click();
    await page.getByRole('alertdialog').getByText('1 session ends at once').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click();
    await page.getByText('1 session ended.').waitFor();
    await page.getByText('They are not signed in anywhere.').waitFor();
    await expect.poll(() => other.readSession()).toBeNull();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('AUZ-01: an auditor is not offered them, and refused', async () => {
    const { page, context } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await administer(page, stack, 'Audrey Lang', '/admin/sessions');
    await page.getByRole('heading', { name: 'This is not open to you' }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).count()).toBe(0);
    expect(asked).not.toContain('/api/admin/sessions');
    const status = await page.evaluate(async () => (await fetch('/api/admin/sessions')).status);
    expect(status).toBe(403);
    await context.close();
  });
});
