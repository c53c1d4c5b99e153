import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { SessionAnswer } from '#contracts';
import { inDatabase, writeHistory } from './history.ts';
import { administer, copyBy, sidewaysOverflow, untilFocused } from './steps.ts';

describe.skipIf(!hasChromium)('the audit log, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
    await writeHistory(stack);
    const [adele, uma] = [stack.visitor(), stack.visitor()];
    await uma.signIn(stack.azure, 'uma');
    await adele.signIn(stack.azure, 'adele');
    const { body } = await uma.get<SessionAnswer>('/api/auth/session');
    await adele.patch(`/api/admin/users/${body.user.id}`, { department: 'Finance' });
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])('at %s pixels: found, opened, compared, sent to somebody', async (width, viewport) => {
    const { page, context, complaints } = await openPage(browser, viewport);
    await administer(page, stack, 'Adele Vance', '/admin/audit');
    const log = page.getByRole('list', { name: 'Audit log' });
    await log.getByText('Signed in').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await photograph(page, `admin-audit-${width}`);
    if (width === '390') await page.getByRole('button', { name: 'More filters' }).press('Enter');
    await page.getByLabel('What happened').selectOption('Changed a person’s details');
    await expect.poll(() => log.getByRole('listitem').count()).toBe(1);
    await page.getByText('1 entry', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?action=user.updated');
    await log.getByRole('link').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Changed a person’s details' });
    const row = dialog.getByRole('row', { name: /Department/ });
    await row.getByText('Finance').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await photograph(page, `admin-audit-entry-${width}`);
    const requestId = await copyBy(dialog.getByRole('button', { name: 'Copy request id' }));
    expect(await dialog.innerText()).toContain(requestId);
    const address = page.url();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await untilFocused(log.getByRole('link'));
    await page.goto(address);
    await row.getByText('Finance').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Search').fill('no such words');
    await page.getByText('No entry fits these filters.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('goes on loading what is older, all of it once', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Audrey Lang', '/admin/audit?outcome=failure');
    const links = page.getByRole('list', { name: 'Audit log' }).getByRole('link');
    await expect.poll(() => links.count()).toBe(50);
    await page.getByRole('button', { name: 'Show older entries' }).scrollIntoViewIfNeeded();
    await expect.poll(() => links.count()).toBe(60);
    const addresses = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')));
    expect(new Set(addresses).size).toBe(60);
    await page.getByText('60 entries', { exact: true }).waitFor();
    await context.close();
  });

  it('says that it cannot be loaded, and loads when asked again', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Audrey Lang', '/admin/people');
    const entries = /\/api\/admin\/audit-logs\?/;
    await page.route(entries, (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.getByRole('link', { name: 'Audit', exact: true }).click();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await expect.poll(() => page.getByText('Looking…').count()).toBe(0);
    await photograph(page, 'admin-audit-failed-1280');
    await page.unroute(entries);
    await again.click();
    await page.getByRole('list', { name: 'Audit log' }).waitFor();
    await context.close();
  });

  it('live: what is new stands on top, is announced, and does not move what one reads', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Adele Vance', '/admin/audit');
    const rows = page.getByRole('list', { name: 'Audit log' }).getByRole('listitem');
    await rows.first().waitFor();
    await page.getByRole('switch', { name: 'Live' }).press('Space');
    // Until the next look, which brings nothing.
    const announced = page.getByText(/^\d+ new entr/).waitFor({ state: 'attached' });
    await Promise.all([announced, stack.visitor().signIn(stack.azure, 'viktor')]);
    await rows.first().getByText('Viktor Holm').waitFor();
    const read = page.getByRole('list', { name: 'Audit log' }).locator('li').nth(20);
    const href = await read.getByRole('link').getAttribute('href');
    const same = page.locator(`a[href="${href}"]`);
    await same.scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollBy(0, 300));
    const place = async () => Math.round((await same.boundingBox())!.y);
    const before = await place();
    await stack.visitor().signIn(stack.azure, 'gustav');
    await page.getByText('Gustav Berg').first().waitFor({ state: 'attached' });
    await expect.poll(place).toBe(before);
    await context.close();
  });

  it('exports what the filters leave; an old sign-in is asked to confirm first', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Audrey Lang', '/admin/audit?action=user.updated');
    await page.getByText('1 entry', { exact: true }).waitFor();
    const exportAs = async (format: string) => {
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: format }).click();
    };
    const [csv] = await Promise.all([page.waitForEvent('download'), exportAs('CSV')]);
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
    const text = await readFile(await csv.path(), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(2);
    expect(text).toContain('user.updated');
    const [jsonl] = await Promise.all([page.waitForEvent('download'), exportAs('JSON Lines')]);
    expect(jsonl.suggestedFilename()).toMatch(/\.jsonl$/);
    await inDatabase(stack, `UPDATE sessions SET authenticated_at = now() - interval '1 hour'`);
    await stack.restartApi();
    await page.reload();
    await page.getByText('1 entry', { exact: true }).waitFor();
    await exportAs('CSV');
    await page.getByRole('alertdialog', { name: "Confirm it's you" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await context.close();
  });

  it('verifies the log, and says where it was changed and what to do', async () => {
    const { page, context, complaints } = await openPage(browser);
    await administer(page, stack, 'Audrey Lang', '/admin/audit');
    await page.getByRole('button', { name: 'Verify now' }).press('Enter');
    await page.getByText('The log is intact').waitFor();
    await photograph(page, 'admin-audit-intact-1280');
    await inDatabase(
      stack,
      'SET session_replication_role = replica',
      `UPDATE audit_entries SET details = '{"method":"device_code","forged":true}'
       WHERE sequence = (SELECT entry FROM audit_chain WHERE sequence = 12)`,
    );
    await page.getByRole('button', { name: 'Verify now' }).press('Enter');
    await page.getByRole('alert').getByText('The log has been changed at entry 12').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await photograph(page, 'admin-audit-broken-1280');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is not open to who may not read it', async () => {
    const { page, context } = await openPage(browser);
    await administer(page, stack, 'Uma Patel', '/admin/audit');
    await page.getByText('This is not open to you').waitFor();
    await context.close();
  });
});
