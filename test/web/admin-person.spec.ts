import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, type OpenedPage, openPage, photograph } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { administer, composer, send, signInByCode, untilFinished } from './steps.ts';

const openPerson = async (page: Page, name: string): Promise<void> => {
  const table = page.getByRole('table', { name: 'People' });
  await table.getByRole('link').getByText(name, { exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
};
const dialog = (page: Page): Locator => page.getByRole('alertdialog');
const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

describe.skipIf(!hasChromium)('a person’s page of the administration, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  let opened: OpenedPage[];
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });
  beforeEach(() => void (opened = []));
  afterEach(async () => {
    const complaints = opened.flatMap((page) => page.complaints);
    await Promise.all(opened.map(({ context }) => context.close()));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });

  const tab = async (): Promise<Page> => {
    const page = await openPage(browser);
    opened.push(page);
    return page.page;
  };

  it('the Azure tokens of somebody are wiped after confirming, who is told in the open tab and stays signed in', async () => {
    const [page, theirs] = [await tab(), await tab()];
    await signInByCode(theirs, stack, 'Gustav Berg');
    await administer(page, stack, 'Adele Vance', '/admin/people?search=gustav');
    await openPerson(page, 'Gustav Berg');
    const azure = panel(page, 'Access to Azure');
    await azure.getByRole('button', { name: 'Wipe tokens' }).press('Enter');
    await dialog(page).getByText('They stay signed in here').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    expect(await azure.getByText('Not connected').count()).toBe(0);
    await azure.getByRole('button', { name: 'Wipe tokens' }).click();
    await dialog(page).getByRole('button', { name: 'Wipe tokens' }).click();
    await page.getByText('The Azure tokens are wiped.').waitFor();
    await azure.getByText('Not connected').waitFor();
    expect(await azure.getByRole('button', { name: 'Wipe tokens' }).count()).toBe(0);
    expect(await panel(page, 'Sessions').getByText('They are not signed in anywhere.').count()).toBe(0);
    await theirs.reload();
    await composer(theirs).waitFor();
  });

  it('what somebody has used is a chart and a table, and an entry of their trail opens', async () => {
    const page = await tab();
    await signInByCode(page, stack, 'Gustav Berg');
    await send(page, 'hello');
    await untilFinished(page);
    const admin = await tab();
    await administer(admin, stack, 'Adele Vance', '/admin/people?search=gustav');
    await openPerson(admin, 'Gustav Berg');
    const usage = panel(admin, 'Usage');
    await usage.locator('.recharts-bar-rectangle').first().waitFor();
    await admin.getByRole('button', { name: 'Show as table: Usage' }).press('Enter');
    await admin.getByRole('region', { name: 'Usage as table' }).getByRole('row').nth(1).waitFor();
    expect(await usage.locator('.recharts-bar-rectangle').count()).toBe(0);

    const trail = admin.getByRole('list', { name: 'Audit trail' });
    await trail
      .getByRole('link', { name: /Signed in/ })
      .first()
      .press('Enter');
    const entry = admin.getByRole('dialog');
    await entry.getByText('Gustav Berg').first().waitFor();
    expect(await accessibilityFaults(admin)).toEqual([]);
    await photograph(admin, 'admin-person-entry-1280');
    await admin.keyboard.press('Escape');
    await expect.poll(() => admin.getByRole('dialog').count()).toBe(0);
  });
});
