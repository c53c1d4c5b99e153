import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { writeHistory } from './history.ts';
import { administer, sidewaysOverflow, signInByCode } from './steps.ts';

describe.skipIf(!hasChromium)('the overview of the administration, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it('a new installation says that it is new, and draws no empty chart', async () => {
    const { page, context, complaints } = await openPage(browser);
    await administer(page, stack, 'Adele Vance', '/admin?days=7');
    await page.getByText('It is quiet here').waitFor();
    await page.getByText('Nobody has asked anything during these days.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await photograph(page, 'admin-overview-new-1280');
    expect(complaints).toEqual([]);
    await context.close();
    await writeHistory(stack);
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])('at %s pixels: charts, the same as tables, by keyboard, in light and dark', async (width, viewport) => {
    const { page, context, complaints } = await openPage(browser, viewport);
    await administer(page, stack, 'Adele Vance', '/admin?days=90');
    const chart = page.getByRole('region', { name: 'Sign-ins' });
    await chart.locator('.recharts-bar-rectangle').first().waitFor();
    await page.getByRole('list', { name: 'Latest entries' }).getByText('Signed in').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await photograph(page, `admin-overview-${theme}-${width}`, { whole: true });
    }
    // A screen reader has the table all along.
    expect(await chart.getByRole('row').count()).toBe(91);
    await page.getByRole('button', { name: 'Show as table: Sign-ins' }).press('Enter');
    await page.getByRole('region', { name: 'Sign-ins as table' }).getByText('Device code').waitFor();
    expect(await chart.locator('.recharts-bar-rectangle').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '30 days' }).press('Enter');
    await expect.poll(() => chart.getByRole('row').count()).toBe(31);
    expect(page.url()).toBe(`${stack.url}/admin`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('new entries come in while one looks on', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Adele Vance', '/admin');
    const latest = page.getByRole('list', { name: 'Latest entries' });
    await latest.getByRole('listitem').first().waitFor();
    expect(await latest.getByText('Viktor Holm').count()).toBe(0);
    await stack.visitor().signIn(stack.azure, 'viktor');
    await latest.getByText('Viktor Holm').first().waitFor();
    await context.close();
  });

  it('what cannot be loaded is said, and tried again', async () => {
    const { page, context } = await openPage(browser);
    await page.route('**/api/admin/overview*', (route) => route.fulfill({ status: 500, body: '{}' }));
    await administer(page, stack, 'Adele Vance', '/admin');
    await page.getByRole('alert').getByText('Something went wrong').waitFor();
    await page.unroute('**/api/admin/overview*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Azure tokens' }).waitFor();
    await context.close();
  });

  it('an auditor finds the way in and no sessions', async () => {
    const { page, context, complaints } = await openPage(browser);
    await administer(page, stack, 'Audrey Lang', '/admin');
    const links = page.getByRole('navigation', { name: 'Administration' }).getByRole('link');
    expect(await links.allInnerTexts()).toEqual(['Overview', 'People', 'Audit', 'Role mapping']);
    await page.goto(`${stack.url}/admin/sessions`);
    await page.getByText('Your roles do not include “Sessions”').waitFor();
    await page.getByRole('link', { name: 'Back to chat' }).click();
    await page.waitForURL(`${stack.url}/`);
    await page.getByRole('button', { name: /^Account of Audrey/ }).press('Enter');
    await page.getByRole('menuitem', { name: 'Administration' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('who may not look in is told so, asked nothing, and not led there', async () => {
    const { page, context } = await openPage(browser, narrow);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await administer(page, stack, 'Uma Patel', '/admin');
    await page.getByText('Only administrators and auditors may look in here.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await photograph(page, 'admin-refused-390');
    expect(asked.filter((path) => path.startsWith('/api/admin'))).toEqual([]);
    await page.getByRole('button', { name: 'Account of Uma Patel' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0);
    await context.close();
  });

  it('neither chat nor sign-in carries the charts', async () => {
    const { page, context } = await openPage(browser);
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) bodies.push(response.text().catch(() => ''));
    });
    const withCharts = async () => (await Promise.all(bodies)).filter((body) => body.includes('recharts-'));
    await signInByCode(page, stack, 'Adele Vance', '/login');
    await page.waitForLoadState('networkidle');
    expect(bodies.length).toBeGreaterThan(3);
    expect(await withCharts()).toEqual([]);
    await page.goto(`${stack.url}/admin`);
    await page.locator('.recharts-surface').first().waitFor();
    expect((await withCharts()).length).toBeGreaterThan(0);
    await context.close();
  });
});
